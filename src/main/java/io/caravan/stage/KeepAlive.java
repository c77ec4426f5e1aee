package io.caravan.stage;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.exchange.Contract;
import io.caravan.http.ClientResponse;
import io.caravan.http.KeepAlivePings;
import io.caravan.http.UpstreamHttp;
import java.time.Duration;
import java.util.function.BooleanSupplier;
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
    KeepAlivePings signs =
        new KeepAlivePings(
            response, interval, () -> WriteEvents.streamHeaders(exchange), http.deadlines());
    signs.start();
    exchange.setProperty(Contract.LIFE_SIGNS, signs);
  }

  /**
   * Says that a wait begins which a timer will end: signs of life may go out until it is over.
   *
   * @param armed whether the timer is; false for good once the wait is over
   */
  public static void during(Exchange exchange, BooleanSupplier armed) {
    KeepAlivePings signs = exchange.getProperty(Contract.LIFE_SIGNS, KeepAlivePings.class);
    if (signs != null) {
      signs.during(armed);
    }
  }
}
