package io.caravan.stage;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Charges the client what its request has cost: the last step of a message, and of its errors. An
 * answer that was broken off is charged as far as it came: a client that leaves before the last
 * event has not had it for nothing.
 *
 * <p>It is no {@code onCompletion}: that is run once for each Kamelet that the message has passed
 * too, before there is anything to charge, and at last on an event loop.
 */
public final class ChargeClient implements Processor {
  @Override
  public void process(Exchange exchange) {
    GatewayRequest.of(exchange).charge(Attempt.of(exchange).usage());
  }
}
