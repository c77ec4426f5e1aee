package io.caravan.stage;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Charges the client for its request, as the last step of a message and of its errors. An aborted
 * response is charged as far as it came: a client that leaves before the last event has not had it
 * for nothing.
 *
 * <p>It is no {@code onCompletion}: that also runs once for each Kamelet that the message has
 * passed, before there is anything to charge, and in the end on an event loop.
 */
public final class ChargeClient implements Processor {
  @Override
  public void process(Exchange exchange) {
    GatewayRequest.of(exchange).charge(Attempt.of(exchange).usage());
  }
}
