package io.caravan.stage;

import io.caravan.anthropic.RequestIds;
import io.caravan.exchange.ClientInfo;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.RequestRecords;
import io.caravan.exchange.RequestSummary;
import io.caravan.http.BrowserGuard;
import io.caravan.http.ClientResponse;
import io.caravan.http.PresentedKey;
import io.caravan.http.VertxClientResponse;
import io.caravan.limits.client.Client;
import io.caravan.limits.client.ClientKeys;
import io.caravan.metrics.RequestMetrics;
import io.caravan.observe.RequestListeners;
import io.caravan.observe.RequestRecord;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Accepts a request: it takes over the HTTP exchange and checks key, Host and Origin. platform-http
 * would send every header of the request back in the response, {@code x-api-key} included, so this
 * stage reads the headers and removes them all.
 */
public final class Accept implements Processor {
  private static final Client ANYONE = Client.unlimited("");

  private final RequestListeners listeners = new RequestListeners();
  private ClientKeys keys = new ClientKeys();
  private BrowserGuard guard = new BrowserGuard("localhost,127.0.0.1,[::1]");
  private RequestMetrics metrics;
  private long stallMillis = 120_000;

  /** Sets the client keys. Without any, every key is accepted. */
  public void setKeys(ClientKeys keys) {
    this.keys = keys;
  }

  /** Sets the milliseconds without a read by the client after which its stream is cut. */
  public void setStallMillis(long stallMillis) {
    this.stallMillis = stallMillis;
  }

  /**
   * Sets the host names of the gateway, comma-separated and without ports; {@code *} allows any.
   */
  public void setAllowedHosts(String allowedHosts) {
    this.guard = new BrowserGuard(allowedHosts);
  }

  /** Sets the metrics that count the requests. */
  public void setMetrics(RequestMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void process(Exchange exchange) {
    if (!(exchange.getMessage() instanceof HttpMessage http)) {
      throw new IllegalStateException(
          "The message is not that of platform-http: accept is the first step behind it");
    }
    HttpServerRequest request = http.getRequest();
    ClientResponse response =
        new VertxClientResponse(http.getResponse(), Duration.ofMillis(stallMillis));
    GatewayRequest accepted = GatewayRequest.of(exchange);
    accepted.setResponse(response);
    accepted.setTarget(
        exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class), request.query());
    exchange.getMessage().removeHeaders("*");
    String requestId = RequestIds.next();
    accepted.setId(requestId);
    accepted.headers().put("request-id", requestId);
    exchange.setProperty(Contract.REQUEST_ID, requestId);
    count(accepted, exchange.getContext());
    guard.check(request.getHeader("host"), request.getHeader("origin"));
    accepted.setKey(holderOf(request));
    accepted.setOperators(keys.isOperators(request.getHeader("caravan-admin-key")));
    accepted.setClient(clientOf(request, accepted.key()));
    exchange.setProperty(Contract.CLIENT, accepted.client());
  }

  private void count(GatewayRequest accepted, CamelContext context) {
    ClientResponse response = accepted.response();
    if (metrics != null) {
      metrics.started();
    }
    accepted.end().open();
    listeners.began(context, accepted.id(), () -> RequestRecords.of(accepted));
    accepted.end().whenOver(() -> report(accepted, context));
    response.onClose(
        () -> {
          accepted.timeline().responseEnded();
          if (response.abandoned()) {
            accepted.summary().ended(RequestSummary.CLIENT_GONE);
          }
          accepted.end().close();
        });
  }

  private void report(GatewayRequest request, CamelContext context) {
    RequestRecord record = RequestRecords.of(request);
    if (metrics != null) {
      metrics.ended(record);
    }
    listeners.ended(context, record);
  }

  private Client holderOf(HttpServerRequest request) {
    if (!keys.isConfigured()) {
      return ANYONE;
    }
    Client holder = PresentedKey.client(request, keys);
    if (holder == null) {
      throw PresentedKey.unknown();
    }
    return holder;
  }

  private static ClientInfo clientOf(HttpServerRequest request, Client holder) {
    return new ClientInfo(
        holder.id(),
        request.getHeader("x-claude-code-session-id"),
        request.getHeader("x-claude-code-agent-id"),
        request.getHeader("anthropic-version"),
        request.getHeader("anthropic-beta"),
        request.getHeader("traceparent"),
        request.getHeader("user-agent"));
  }
}
