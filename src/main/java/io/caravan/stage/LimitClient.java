package io.caravan.stage;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.Usage;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.Price;
import io.caravan.limits.client.Client;
import io.caravan.limits.client.ClientLimits;
import io.caravan.limits.client.ClientRefused;
import io.caravan.limits.client.Cost;
import io.caravan.limits.client.RateLimitStatus;
import io.caravan.limits.client.Reservation;
import io.caravan.metrics.UpstreamMetrics;
import io.caravan.provider.ModelCard;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Holds a client to the limits of its key: models, requests and tokens a minute, tokens and dollars
 * a day and a month. It reserves what the request may cost at most; {@link ChargeClient} replaces
 * them by those used.
 */
public final class LimitClient implements Processor {
  /** The longest wait after which a client may retry: Claude Code waits without a word. */
  private static final Duration TOO_LONG_WAIT = Duration.ofMinutes(10);

  private ClientLimits limits;
  private UpstreamMetrics metrics = new UpstreamMetrics();

  /** Sets the limits and their use. */
  public void setLimits(ClientLimits limits) {
    this.limits = limits;
  }

  /** Sets the metrics that count the refusals. */
  public void setMetrics(UpstreamMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    Client client = request.key();
    if (client.isUnlimited()) {
      return;
    }
    if (!client.models().isEmpty()) {
      // Choose-model has checked it, but a route may choose by a step of its own.
      Attempt.of(exchange).model().checkAllowedFor(client);
    }
    try {
      request.setReservation(reserve(exchange, client));
      BudgetHeaders.write(limits.budgets(client), false, request.headers());
    } catch (ClientRefused e) {
      metrics.clientRefused(e.reason());
      BudgetHeaders.write(limits.budgets(client), e.reason().isBudget(), request.headers());
      throw refused(e);
    } finally {
      report(limits.status(client), request.headers());
    }
  }

  private Reservation reserve(Exchange exchange, Client client) {
    long input = GatewayRequest.inputTokens(exchange);
    List<ModelCard> chain = chain(exchange);
    Cost estimate = new Cost(input, price(chain.get(0), input, 0));
    return limits.check(client, estimate, mostOutput(exchange, chain, estimate));
  }

  /** Returns the cards of the models that may respond; null for a model without one. */
  private static List<ModelCard> chain(Exchange exchange) {
    List<ModelCard> cards = new ArrayList<>();
    Attempt attempt = Attempt.of(exchange);
    cards.add(attempt.hasModel() ? attempt.model().card() : null);
    GatewayRequest.of(exchange).attempts().fallbacks().forEach(next -> cards.add(next.card()));
    return cards;
  }

  /**
   * Returns the most that the response, in thinking and text, may cost beside the estimate. A
   * fallback may write more than the first model, and at a higher price.
   */
  private static Cost mostOutput(Exchange exchange, List<ModelCard> chain, Cost estimate) {
    GatewayRequest request = GatewayRequest.of(exchange);
    Integer asked = request.hasMessage() ? request.message().maxTokens() : null;
    long tokens = 0;
    long price = 0;
    for (ModelCard card : chain) {
      long output = mostOutput(asked, card == null ? null : card.getMaxOutput());
      tokens = Math.max(tokens, output);
      price = Math.max(price, price(card, estimate.tokens(), output) - estimate.nanodollars());
    }
    return new Cost(tokens, price);
  }

  private static long mostOutput(Integer asked, Integer most) {
    if (asked == null) {
      return most == null ? 0 : most;
    }
    return most == null ? asked : Math.min(asked, most);
  }

  private static long price(ModelCard card, long input, long output) {
    Long price = Price.of(card, new Usage(input, output, 0, 0, 0));
    return price == null ? 0 : price;
  }

  private static AnthropicException refused(ClientRefused refused) {
    Duration after = refused.retryAfter();
    boolean soon = after != null && after.compareTo(TOO_LONG_WAIT) <= 0;
    return new AnthropicException(
        ErrorType.RATE_LIMIT,
        ErrorType.RATE_LIMIT.status(),
        refused.getMessage(),
        after,
        soon ? null : Boolean.FALSE,
        refused);
  }

  /**
   * Reports the limits in the headers of Anthropic's API, which successful responses have too
   * (platform documentation, "Rate limits").
   */
  private static void report(RateLimitStatus status, Map<String, String> headers) {
    report("requests", status.requests(), headers);
    report("tokens", status.tokens(), headers);
  }

  private static void report(
      String what, RateLimitStatus.Limit limit, Map<String, String> headers) {
    if (limit != null) {
      String name = "anthropic-ratelimit-" + what;
      Instant reset = Instant.now().plus(limit.reset()).plusMillis(999);
      headers.put(name + "-limit", Long.toString(limit.limit()));
      headers.put(name + "-remaining", Long.toString(limit.remaining()));
      headers.put(name + "-reset", reset.truncatedTo(ChronoUnit.SECONDS).toString());
    }
  }
}
