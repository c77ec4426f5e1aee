package io.caravan.stage;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.CallPlan;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.PassThroughAnswer;
import io.caravan.provider.Dialects;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.DroppedFields;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.provider.learned.ModelQuirks;
import io.caravan.translate.reasoning.ReasoningMemory;
import io.caravan.translate.request.PassThroughTranslator;
import io.caravan.translate.request.TranslationOptions;
import io.caravan.translate.request.UpstreamRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Prepares the request for an upstream that speaks the Messages API itself, in place of {@link
 * Convert}. The request is passed through but for the model's name and a {@code max_tokens} that
 * the model supports.
 */
public final class PassThroughRequest implements Processor {
  private static final String BETAS = "anthropic-beta";

  private final PassThroughTranslator translator = new PassThroughTranslator();
  private final Dialects dialects = new Dialects();
  private LearnedQuirks quirks = new LearnedQuirks();
  private boolean strict;

  /** Sets whether a request is refused if its translation would lose something. */
  public void setStrict(boolean strict) {
    this.strict = strict;
  }

  /** Sets the quirks that upstreams' complaints have shown. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  @Override
  public void process(Exchange exchange) {
    Windows.fit(
        exchange, quirks, Attempt.of(exchange).model(), choice -> convert(exchange, choice));
  }

  private void convert(Exchange exchange, ModelChoice choice) {
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempt attempt = Attempt.of(exchange);
    ModelQuirks learned = Convert.learned(request, choice, quirks);
    UpstreamRequest upstream =
        translator.forward(
            request.message(),
            dialects.of(choice.provider(), choice.card(), learned.card()),
            choice.model(),
            dropped(request, choice, learned),
            new TranslationOptions(
                GatewayRequest.inputTokens(exchange), strict, ReasoningMemory.NONE));
    attempt.prepare(exchange, Provider.ANTHROPIC, upstream, new PassThroughAnswer());
    String betas = learned.betas(request.client().betas());
    if (betas != null && !betas.equals(request.client().betas())) {
      attempt.headers().put(BETAS, betas);
    }
    attempt.headers().put("Accept", "application/json, text/event-stream");
    request.headers().remove("caravan-prefix");
    if (CallPlan.of(exchange) == null) {
      Convert.reportLosses(request, choice, upstream, null);
    }
  }

  /** Keeps the field from an upstream whose tool calls the gateway's own judge judges. */
  private static DroppedFields dropped(
      GatewayRequest request, ModelChoice choice, ModelQuirks learned) {
    if (request.message().safeguards() == null || choice.provider().passesSafeguards()) {
      return learned;
    }
    return new DroppedFields() {
      @Override
      public boolean drops(String field) {
        return field.equals("safeguards") || learned.drops(field);
      }

      @Override
      public Integer maxTokensLimit() {
        return learned.maxTokensLimit();
      }
    };
  }
}
