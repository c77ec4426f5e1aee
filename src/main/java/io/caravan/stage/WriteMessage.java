package io.caravan.stage;

import io.caravan.anthropic.Event;
import io.caravan.anthropic.MessageAggregator;
import io.caravan.anthropic.SseEncoder;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Writes the events of the body as the end of a message, or as a whole message, and completes the
 * response: a stream of events or one JSON object, as the client has requested.
 */
public final class WriteMessage implements Processor {
  @Override
  public void process(Exchange exchange) {
    GatewayRequest.of(exchange).summary().ended("ok");
    complete(exchange, exchange.getMessage().getBody(List.class));
  }

  static void complete(Exchange exchange, List<?> events) {
    GatewayRequest request = GatewayRequest.of(exchange);
    if (request.message().stream()) {
      SseEncoder encoder = WriteEvents.encode(events);
      WriteEvents.open(request).end(encoder.buffer(), 0, encoder.length());
      exchange.getMessage().setBody(gathered(Attempt.of(exchange).gathered(), events));
      return;
    }
    MessageAggregator gathered = Attempt.of(exchange).gathered();
    WriteEvents.gather(gathered, events);
    exchange.getMessage().setBody(gathered.json());
    FinishJson.finish(exchange, 200);
  }

  /** Returns the whole of a streamed message, or null if it was not gathered. */
  private static byte[] gathered(MessageAggregator message, List<?> lastEvents) {
    if (!message.isStarted()) {
      return null;
    }
    lastEvents.forEach(event -> message.accept((Event) event));
    return message.isComplete() ? message.json() : null;
  }
}
