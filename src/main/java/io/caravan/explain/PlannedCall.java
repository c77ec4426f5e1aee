package io.caravan.explain;

import io.caravan.anthropic.AnthropicException;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.CallPlan;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.http.ClientResponse;
import io.caravan.limits.upstream.Circuits;
import io.caravan.limits.upstream.Cooldowns;
import io.caravan.provider.learned.LearnedQuirks;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.ExchangeHelper;

/**
 * Plans the call to one model: its provider's own route runs on a copy of the exchange, in which
 * nothing is called.
 */
final class PlannedCall {
  private static final String ROUTE = "direct:explain-call";

  private final CamelContext context;
  private final LearnedQuirks quirks;
  private final Cooldowns cooldowns;
  private final Circuits circuits;

  PlannedCall(CamelContext context, LearnedQuirks quirks, Cooldowns cooldowns, Circuits circuits) {
    this.context = context;
    this.quirks = quirks;
    this.cooldowns = cooldowns;
    this.circuits = circuits;
  }

  Map<String, Object> of(Exchange exchange, ModelChoice choice) {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("model", choice.fullName());
    pause(choice, call);
    Exchange copy = ExchangeHelper.createCorrelatedCopy(exchange, false);
    GatewayRequest planned = GatewayRequest.of(exchange).race(copy, ClientResponse.NONE);
    planned.setReservation(null);
    new Attempt(choice).handTo(copy);
    CallPlan plan = CallPlan.begin(copy);
    Throwable failure = run(copy);
    call.putAll(plan.entries());
    if (failure instanceof AnthropicException refused) {
      call.put("refused", refused.getMessage());
    } else if (failure != null) {
      call.put("refused", "the provider's route fails: " + failure.getClass().getSimpleName());
    }
    List<String> own =
        quirks.all().stream()
            .filter(fact -> isOwn(fact, planned.client().tenant(), choice))
            .map(fact -> fact.quirk().toString())
            .toList();
    if (!own.isEmpty()) {
      call.put("learned_from_your_calls", own);
    }
    return call;
  }

  /** Facts that another client's calls have taught are in nobody's explanation but its own. */
  private static boolean isOwn(LearnedQuirks.Learned fact, String tenant, ModelChoice choice) {
    return fact.tenant().equals(tenant)
        && fact.provider().equals(choice.provider().getName())
        && fact.model().equals(choice.model());
  }

  private void pause(ModelChoice choice, Map<String, Object> call) {
    Duration cooling = cooldowns.remaining(choice.fullName());
    Duration open = circuits.remaining(choice.fullName());
    if (!cooling.isZero()) {
      call.put("skipped", "cooling down for another " + cooling.toSeconds() + " s");
    } else if (!open.isZero()) {
      call.put("skipped", "its circuit is open for another " + open.toSeconds() + " s");
    }
  }

  private Throwable run(Exchange copy) {
    try (ProducerTemplate routes = context.createProducerTemplate()) {
      routes.send(ROUTE, copy);
      return copy.getException();
    } catch (IOException e) {
      return e;
    }
  }
}
