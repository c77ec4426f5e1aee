package io.caravan.stage;

import io.caravan.anthropic.PassThroughEvent;
import io.caravan.exchange.UpstreamStream;
import io.caravan.openai.Chunk;
import io.caravan.openai.ErrorBodies;
import io.caravan.openai.SsePayloads;
import io.caravan.openai.UpstreamError;
import io.caravan.provider.Protocol;
import java.util.List;

/** Looks at an answer's beginning for what shows how it turned out, in the upstream's protocol. */
final class FirstContent {
  private FirstContent() {}

  /** One payload as a chunk; of the Messages API only whether it decides, and its error. */
  static Chunk of(Protocol protocol, UpstreamStream stream, SsePayloads part, int index) {
    if (protocol == Protocol.OPENAI) {
      Chunk chunk = stream.reader().read(part, index);
      part.keep(chunk);
      return chunk;
    }
    PassThroughEvent event = PassThroughEvents.event(part, index);
    UpstreamError error = event.isError() ? ErrorBodies.parse(event.json().toString()) : null;
    String finish = event.decides() ? event.type() : null;
    return new Chunk(null, null, "", "", null, null, List.of(), finish, null, null, error);
  }
}
