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
    long output = mostOutput(exchange);
    return limits.check(
        client,
        new Cost(input, price(exchange, new Usage(input, 0, 0, 0, 0))),
        new Cost(output, price(exchange, new Usage(0, output, 0, 0, 0))));
  }

  private static long price(Exchange exchange, Usage usage) {
    Attempt attempt = Attempt.of(exchange);
    Long price = attempt.hasModel() ? Price.of(attempt.model().card(), usage) : null;
    return price == null ? 0 : price;
  }

  /** Returns the most tokens that the response may have, in thinking and text. */
  private static long mostOutput(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    Integer asked = request.hasMessage() ? request.message().maxTokens() : null;
    ModelCard card = Attempt.of(exchange).hasModel() ? Attempt.of(exchange).model().card() : null;
    Integer most = card == null ? null : card.getMaxOutput();
    if (asked == null) {
      return most == null ? 0 : most;
    }
    return most == null ? asked : Math.min(asked, most);
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
