package io.caravan.stage;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.UpstreamHeaders;
import io.caravan.http.AbortReason;
import io.caravan.http.Timeouts;
import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamHttp;
import io.caravan.http.UpstreamIoException;
import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import io.caravan.limits.client.Client;
import io.caravan.limits.client.ClientLimits;
import io.caravan.limits.client.ClientRefused;
import io.caravan.provider.Provider;
import io.caravan.translate.request.PassThroughTranslator;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an upstream that speaks the Messages API itself for its own count of a request's tokens. If
 * there is no such count, the stage writes nothing, and the next stage estimates. The response
 * header {@code caravan-count} names the source of the count.
 */
public final class AskCount implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(AskCount.class);
  private static final String HEADER = "caravan-count";
  private static final int MAX_RESPONSE = 64 * 1024;

  private final PassThroughTranslator forwarder = new PassThroughTranslator();
  private final Map<String, Long> askAgainAt = new ConcurrentHashMap<>();
  private UpstreamHttp http;
  private ClientLimits limits;
  private long timeoutMillis = 10_000;
  private long pauseMillis = 60_000;

  /** Sets the connections to upstreams. */
  public void setHttp(UpstreamHttp http) {
    this.http = http;
  }

  /**
   * Sets the limits of client keys; null for none. A question counts as one of a key's requests a
   * minute. A key that has none left gets an estimate.
   */
  public void setLimits(ClientLimits limits) {
    this.limits = limits;
  }

  /** Sets the milliseconds within which the upstream must respond. */
  public void setTimeoutMillis(long timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
  }

  /**
   * Sets the milliseconds for which an upstream is not asked again after it gave no count. Claude
   * Code asks 26 times for one {@code /context}.
   */
  public void setPauseMillis(long pauseMillis) {
    this.pauseMillis = pauseMillis;
  }

  @Override
  public void process(Exchange exchange) {
    ModelChoice choice = Attempt.of(exchange).model();
    OptionalLong count =
        choice.provider().speaksMessages()
                && mayAsk(choice.provider())
                && mayAsk(GatewayRequest.of(exchange).key())
            ? ask(exchange, choice)
            : OptionalLong.empty();
    count.ifPresent(tokens -> exchange.setProperty(Contract.INPUT_TOKENS, tokens));
    GatewayRequest.of(exchange).headers().put(HEADER, count.isPresent() ? "upstream" : "estimate");
  }

  private boolean mayAsk(Provider provider) {
    Long at = askAgainAt.get(provider.getName());
    return at == null || System.nanoTime() - at > 0;
  }

  private boolean mayAsk(Client key) {
    if (limits == null || key.isUnlimited()) {
      return true;
    }
    try {
      limits.check(key, 0, 0).close();
      return true;
    } catch (ClientRefused e) {
      return false;
    }
  }

  private OptionalLong ask(Exchange exchange, ModelChoice choice) {
    Provider provider = choice.provider();
    GatewayRequest request = GatewayRequest.of(exchange);
    Map<String, String> headers = UpstreamHeaders.of(provider, request.client());
    headers.put("Accept", "application/json");
    RawJson body = forwarder.forwardCount(request.message(), choice.model());
    try (UpstreamCall call =
        http.post(provider.url() + "/count_tokens", headers, body, timeouts())) {
      request.response().onClose(() -> call.abort(AbortReason.CLIENT_GONE));
      int status = call.open();
      OptionalLong count = status == 200 ? count(call) : OptionalLong.empty();
      if (count.isEmpty() && !blamesRequest(status)) {
        pause(provider, "HTTP " + status);
      }
      return count;
    } catch (UpstreamIoException e) {
      if (e.reason() != AbortReason.CLIENT_GONE) {
        pause(provider, "it is unavailable");
      }
      return OptionalLong.empty();
    }
  }

  /** Returns whether the upstream has refused this request, which says nothing of the next one. */
  private static boolean blamesRequest(int status) {
    return status == 400 || status == 413 || status == 422;
  }

  private static OptionalLong count(UpstreamCall call) {
    byte[] body = call.readUpTo(MAX_RESPONSE);
    try {
      Object tree = JsonTree.read(new RawJson(body, 0, body.length));
      Object tokens = tree instanceof Map<?, ?> map ? map.get("input_tokens") : null;
      return tokens instanceof JsonTree.Digits digits
          ? OptionalLong.of(Long.parseLong(digits.text()))
          : OptionalLong.empty();
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
  }

  private void pause(Provider provider, String reason) {
    long now = System.nanoTime();
    Long before =
        askAgainAt.put(provider.getName(), now + Duration.ofMillis(pauseMillis).toNanos());
    if (before == null) {
      LOG.info("{} does not count tokens ({}); they are estimated", provider.getName(), reason);
    }
  }

  private Timeouts timeouts() {
    Duration time = Duration.ofMillis(timeoutMillis);
    return new Timeouts(time, time, time, time);
  }
}
