package io.caravan.stage;

import io.caravan.exchange.GatewayRequest;
import io.caravan.http.ClientResponse;
import io.caravan.http.KeepAlivePings;
import io.caravan.http.UpstreamHttp;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Starts keep-alive pings for a client that streams. A client that doesn't stream waits without a
 * byte.
 */
public final class KeepAlive implements Processor {
  private UpstreamHttp http;
  private Duration interval = Duration.ofSeconds(10);

  /** Sets the connections to upstreams, whose clock the pings use. */
  public void setHttp(UpstreamHttp http) {
    this.http = http;
  }

  /** Sets the milliseconds of silence before the response is opened, and between pings. */
  public void setIntervalMillis(long intervalMillis) {
    this.interval = Duration.ofMillis(intervalMillis);
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    // Without a client nobody waits, and nothing would end the pings.
    if (!request.message().stream() || request.response() == ClientResponse.NONE) {
      return;
    }
    KeepAlivePings pings =
        new KeepAlivePings(
            request.response(), interval, () -> WriteEvents.headers(request), http.deadlines());
    pings.start();
    request.setPings(pings);
  }
}
