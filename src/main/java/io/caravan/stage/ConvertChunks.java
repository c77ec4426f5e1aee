package io.caravan.stage;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.NonBlocking;
import io.caravan.exchange.ToolLoop;
import io.caravan.exchange.TranslatedAnswer;
import io.caravan.openai.Chunk;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Converts the upstream's chunks to events of the message: the body's {@code List<Chunk>} becomes a
 * {@code List<Event>}.
 */
@NonBlocking
public final class ConvertChunks implements Processor {
  @Override
  @SuppressWarnings("unchecked")
  public void process(Exchange exchange) {
    List<Chunk> chunks = exchange.getMessage().getBody(List.class);
    Attempt attempt = Attempt.of(exchange);
    TranslatedAnswer answer = attempt.answer(TranslatedAnswer.class);
    exchange.getMessage().setBody(ToolLoop.events(exchange, answer.accept(chunks)));
    if (answer.isStopped()) {
      // Whatever else the upstream computes is for nobody.
      attempt.close();
    } else if (answer.isFinishing()) {
      attempt.finished(answer.isCounted(), chunks.stream().anyMatch(Chunk::hasContent));
    }
  }
}
