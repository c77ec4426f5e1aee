package io.caravan.stage;

import io.caravan.exchange.TranslatedAnswer;
import io.caravan.openai.Chunk;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Turns chunks of the upstream into events of the message: {@code List<Chunk>} becomes {@code
 * List<Event>}.
 */
public final class ConvertChunks implements Processor {
  @Override
  @SuppressWarnings("unchecked")
  public void process(Exchange exchange) {
    List<Chunk> chunks = exchange.getMessage().getBody(List.class);
    exchange.getMessage().setBody(TranslatedAnswer.of(exchange).accept(chunks));
  }
}
