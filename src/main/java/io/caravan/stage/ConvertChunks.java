package io.caravan.stage;

import io.caravan.exchange.TranslatedAnswer;
import io.caravan.openai.Chunk;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Converts the upstream's chunks to events of the message: the body's {@code List<Chunk>} becomes a
 * {@code List<Event>}.
 */
public final class ConvertChunks implements Processor {
  @Override
  @SuppressWarnings("unchecked")
  public void process(Exchange exchange) {
    List<Chunk> chunks = exchange.getMessage().getBody(List.class);
    exchange.getMessage().setBody(TranslatedAnswer.of(exchange).accept(chunks));
  }
}
