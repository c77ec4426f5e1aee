package io.caravan.stage;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.http.ClientResponse;
import io.caravan.http.LifeSigns;
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
    ClientResponse response = exchange.getProperty(Contract.RESPONSE, ClientResponse.class);
    MessagesRequest request = exchange.getProperty(Contract.REQUEST, MessagesRequest.class);
    if (!request.stream() || response == null) {
      return;
    }
    // Every wait in the route is bounded by a timer of its own: the queue's, the call's, the
    // retries'.
    LifeSigns signs =
        new LifeSigns(
            response,
            interval,
            () -> WriteEvents.streamHeaders(exchange),
            () -> !response.closed(),
            http.deadlines());
    signs.start();
    exchange.setProperty(Contract.LIFE_SIGNS, signs);
  }
}
