package io.caravan.gateway.words;

import io.caravan.anthropic.Event;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Ends the message. */
public final class FinishWords implements Processor {
  @Override
  public void process(Exchange exchange) {
    WordsAnswer answer = Attempt.of(exchange).answer(WordsAnswer.class);
    GatewayRequest.of(exchange).summary().cost(answer.usage());
    exchange
        .getMessage()
        .setBody(
            List.of(
                new Event.BlockStop(0),
                new Event.MessageDelta("end_turn", null, answer.usage()),
                new Event.MessageStop()));
  }
}
