package io.caravan.stage;

import io.caravan.anthropic.Event;
import io.caravan.anthropic.MessageAggregator;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.http.ClientResponse;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The upstream has ended: writes what is still owed to the client and completes the answer. */
public final class FinishMessage implements Processor {
  @Override
  public void process(Exchange exchange) {
    List<Event> events = exchange.getProperty(Contract.ANSWER, Answer.class).end();
    WriteEvents.write(exchange, events);
    settle(exchange, events);
    if (exchange.getProperty(Contract.REQUEST, MessagesRequest.class).stream()) {
      exchange.getProperty(Contract.RESPONSE, ClientResponse.class).end();
      exchange.getMessage().setBody(null);
      return;
    }
    MessageAggregator aggregator =
        exchange.getProperty(Contract.AGGREGATOR, MessageAggregator.class);
    exchange.getMessage().setBody(aggregator.json());
    FinishJson.finish(exchange, 200);
  }

  private static void settle(Exchange exchange, List<Event> events) {
    Tally tally = exchange.getProperty(Contract.TALLY, Tally.class);
    if (tally == null) {
      return;
    }
    tally.ended("ok");
    for (Event event : events) {
      if (event instanceof Event.MessageDelta delta) {
        tally.cost(delta.usage());
      } else if (event instanceof Event.Failure failure) {
        tally.ended(failure.type().code());
      }
    }
  }
}
