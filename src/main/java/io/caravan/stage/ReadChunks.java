package io.caravan.stage;

import io.caravan.exchange.NonBlocking;
import io.caravan.exchange.TranslatedAnswer;
import io.caravan.openai.Chunk;
import io.caravan.openai.ChunkReader;
import io.caravan.openai.MalformedStreamException;
import io.caravan.openai.SsePayloads;
import io.caravan.openai.UpstreamError;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Parses the payloads of one read: the body's {@link SsePayloads} become a {@code List<Chunk>}. */
@NonBlocking
public final class ReadChunks implements Processor {
  @Override
  public void process(Exchange exchange) {
    SsePayloads payloads = exchange.getMessage().getBody(SsePayloads.class);
    exchange
        .getMessage()
        .setBody(
            payloads == null
                ? List.of()
                : chunks(payloads, TranslatedAnswer.of(exchange).reader()));
  }

  private static List<Chunk> chunks(SsePayloads payloads, ChunkReader reader) {
    List<Chunk> chunks = new ArrayList<>(payloads.size());
    chunks.addAll(payloads.read());
    try {
      for (int i = chunks.size(); i < payloads.size(); i++) {
        chunks.add(reader.read(payloads, i));
      }
    } catch (MalformedStreamException e) {
      // The chunks before the failure are valid; they came in the same read only by chance.
      chunks.add(Chunk.failed(new UpstreamError(0, null, null, e.getMessage(), null)));
    }
    return chunks;
  }
}
