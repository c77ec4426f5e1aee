package io.caravan.stage;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Attempts;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.limits.client.Client;
import io.caravan.limits.client.ClientLimits;
import io.caravan.limits.client.ClientRefused;
import io.caravan.limits.client.RateLimitStatus;
import io.caravan.metrics.UpstreamMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Holds a client to what its key allows: the models it may name, requests and tokens a minute,
 * tokens a day. What the request may cost is reserved here; {@link ChargeClient} replaces it by
 * what it did cost.
 */
public final class LimitClient implements Processor {
  /** Longer waits are left to a person: Claude Code would sit there in silence. */
  private static final Duration TOO_LONG_WAIT = Duration.ofMinutes(10);

  private ClientLimits limits;
  private UpstreamMetrics metrics = new UpstreamMetrics();

  /** What has been used of the limits. */
  public void setLimits(ClientLimits limits) {
    this.limits = limits;
  }

  /** What counts refusals. */
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
    checkModel(request, Attempt.of(exchange).model());
    try {
      request.setReservation(limits.check(client, GatewayRequest.inputTokens(exchange)));
    } catch (ClientRefused e) {
      metrics.clientRefused(e.reason());
      throw refused(e);
    } finally {
      report(limits.status(client), request.headers());
    }
  }

  /**
   * A key may be allowed a model by the name that clients use ({@code claude-sonnet}) or by the
   * full name of what answers. In the latter case the models that stand in when it fails are held
   * to it as well; in the former they are the operator's choice.
   */
  private static void checkModel(GatewayRequest request, ModelChoice choice) {
    Client client = request.key();
    if (client.models().isEmpty() || choice == null) {
      return;
    }
    if (client.allows(ModelChoice.plain(choice.requested()))) {
      return;
    }
    if (!client.allows(choice.fullName())) {
      throw new AnthropicException(
          ErrorType.PERMISSION,
          ErrorType.PERMISSION.status(),
          "Your API key does not have permission to use the model " + choice.requested() + ".",
          null,
          false,
          null);
    }
    Attempts attempts = request.attempts();
    attempts.setFallbacks(
        attempts.fallbacks().stream().filter(next -> client.allows(next.fullName())).toList());
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

  /** As Anthropic's API tells it, with successes too (platform documentation, "Rate limits"). */
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
