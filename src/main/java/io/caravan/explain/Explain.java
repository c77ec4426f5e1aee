package io.caravan.explain;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.camel.ContextBean;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.limits.upstream.Circuits;
import io.caravan.limits.upstream.Cooldowns;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.tokens.TokenCounter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;

/**
 * Explains a request with {@code ?explain=true} in place of answering it. As a predicate it says
 * whether a request is one; as a step it makes the explanation the body.
 */
public final class Explain extends ContextBean implements Predicate, Processor {
  /** String: who answers the request without a call to its model. Steps of the route write it. */
  private static final String ANSWERED_BY = "CaravanAnsweredBy";

  private boolean enabled;
  private TokenCounter counter;
  private LearnedQuirks quirks = new LearnedQuirks();
  private Cooldowns cooldowns = new Cooldowns();
  private Circuits circuits = new Circuits();

  /** Sets whether every client may ask; else only one that sends the operator's key as well. */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** Sets the token counter. */
  public void setCounter(TokenCounter counter) {
    this.counter = counter;
  }

  /** Sets the quirks that upstreams' complaints have shown. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  /** Sets the pauses that upstreams have asked for. */
  public void setCooldowns(Cooldowns cooldowns) {
    this.cooldowns = cooldowns;
  }

  /** Sets the circuit breakers of the models. */
  public void setCircuits(Circuits circuits) {
    this.circuits = circuits;
  }

  /**
   * Returns whether the request asks for an explanation.
   *
   * @throws AnthropicException permission_error if this client may not ask for one: it must not be
   *     answered as if it had not
   */
  @Override
  public boolean matches(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    if (!request.asksForExplanation()) {
      return false;
    }
    if (!enabled && !request.isOperators()) {
      throw new AnthropicException(
          ErrorType.PERMISSION,
          "Explanations are off. The operator may set caravan.explain = true, or send the"
              + " operator's key in the header caravan-admin-key");
    }
    return true;
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    request.summary().answeredLocally("explain");
    Map<String, Object> explanation = new LinkedHashMap<>();
    explanation.put("type", "explanation");
    explanation.put("request_id", request.id());
    explanation.put("model", model(exchange));
    String other = exchange.getProperty(ANSWERED_BY, String.class);
    if (other != null) {
      explanation.put("answered_by", other);
    }
    explanation.put(
        "tokens",
        TokensByPart.of(
            request.message(),
            part -> counter.count(part, request.client().tenant()),
            GatewayRequest.inputTokens(exchange)));
    explanation.put("calls", calls(exchange, other == null));
    exchange.getMessage().setBody(explanation);
  }

  /** Returns how the client's name for the model was understood. */
  private static Map<String, Object> model(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    ModelChoice choice = Attempt.of(exchange).model();
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("requested", request.message().model());
    model.put("is", choice.fullName());
    model.put(
        "because",
        choice.modelClass() == null
            ? "the request names it in full"
            : "the name stands for the class " + choice.modelClass());
    model.put(
        "fallbacks", request.attempts().fallbacks().stream().map(ModelChoice::fullName).toList());
    return model;
  }

  private List<Map<String, Object>> calls(Exchange exchange, boolean called) {
    List<ModelChoice> chain = new ArrayList<>();
    chain.add(Attempt.of(exchange).model());
    chain.addAll(GatewayRequest.of(exchange).attempts().fallbacks());
    PlannedCall plan = new PlannedCall(getCamelContext(), quirks, cooldowns, circuits);
    List<Map<String, Object>> calls = new ArrayList<>();
    boolean first = called;
    for (ModelChoice choice : chain) {
      Map<String, Object> call = plan.of(exchange, choice);
      boolean ready = !call.containsKey("skipped") && !call.containsKey("refused");
      call.put("would_be", !called ? "not called" : first && ready ? "called" : "a fallback");
      first = first && !ready;
      calls.add(call);
    }
    return calls;
  }
}
