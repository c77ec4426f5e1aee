package io.caravan.gateway.words;

import io.caravan.anthropic.Event;
import io.caravan.anthropic.Usage;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.openai.SsePayloads;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Turns words into the events of a message. */
public final class ReadWords implements Processor {
  @Override
  public void process(Exchange exchange) {
    WordsAnswer answer = Attempt.of(exchange).answer(WordsAnswer.class);
    SsePayloads part = exchange.getMessage().getBody(SsePayloads.class);
    List<Event> events = new ArrayList<>();
    for (int i = 0; part != null && i < part.size(); i++) {
      if (answer.count() == 0) {
        GatewayRequest request = GatewayRequest.of(exchange);
        Usage none = new Usage(0, 0, 0, 0, 0);
        events.add(new Event.MessageStart(request.messageId(), request.message().model(), none));
        events.add(new Event.TextStart(0));
      }
      events.add(new Event.TextDelta(0, WordsAnswer.word(part, i) + " "));
    }
    exchange.getMessage().setBody(events);
  }
}
