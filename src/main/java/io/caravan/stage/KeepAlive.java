package io.caravan.stage;

import io.caravan.exchange.GatewayRequest;
import io.caravan.http.KeepAlivePings;
import io.caravan.http.UpstreamHttp;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Keeps a streaming client patient from here on; a call that doesn't stream waits without bytes.
 */
public final class KeepAlive implements Processor {
  private UpstreamHttp http;
  private Duration interval = Duration.ofSeconds(10);

  /** Whose clock it goes by. */
  public void setHttp(UpstreamHttp http) {
    this.http = http;
  }

  /** Milliseconds of silence before the response is opened, and between signs of life. */
  public void setIntervalMillis(long intervalMillis) {
    this.interval = Duration.ofMillis(intervalMillis);
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    if (!request.message().stream()) {
      return;
    }
    KeepAlivePings pings =
        new KeepAlivePings(
            request.response(), interval, () -> WriteEvents.headers(request), http.deadlines());
    pings.start();
    request.setPings(pings);
  }
}
