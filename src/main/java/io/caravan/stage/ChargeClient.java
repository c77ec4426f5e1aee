package io.caravan.stage;

import io.caravan.anthropic.Usage;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.RequestSummary;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Charges the client for its request, as the last step of a message and of its errors. An aborted
 * response is charged as far as it came: a client that leaves before the last event has not had it
 * for nothing, and one that leaves before the first content has had its input read.
 *
 * <p>It is no {@code onCompletion}: that also runs once for each Kamelet that the message has
 * passed, before there is anything to charge, and in the end on an event loop.
 */
public final class ChargeClient implements Processor {
  @Override
  public void process(Exchange exchange) {
    if (exchange.getProperty(Contract.CALL_ONCE_MORE, false, Boolean.class)) {
      return;
    }
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempt attempt = Attempt.of(exchange);
    Usage usage = attempt.usage();
    boolean left = request.summary().outcome().equals(RequestSummary.CLIENT_GONE);
    if (usage == null && left && attempt.isCalled()) {
      usage = new Usage(GatewayRequest.inputTokens(exchange), 0, 0, 0, 0);
      request.summary().cost(usage);
      request.summary().estimated(true, false);
    } else if (usage != null && request.summary().usage() == null) {
      // The message has broken off, and its tokens so far are used.
      request.summary().cost(usage);
      request
          .summary()
          .estimated(!attempt.answer().inputCounted(), !attempt.answer().outputCounted());
    }
    request.charge(usage);
  }
}
