package io.caravan.stage;

import io.caravan.anthropic.PassedEvent;
import io.caravan.openai.Chunk;
import io.caravan.openai.ErrorBodies;
import io.caravan.openai.Payloads;
import io.caravan.openai.Protocol;
import io.caravan.openai.UpstreamError;
import java.util.List;

/** Looks at an answer's beginning for what shows how it turned out, in the upstream's protocol. */
final class FirstContent {
  private FirstContent() {}

  /** One payload as a chunk; of the Messages API only whether it decides, and its error. */
  static Chunk of(Protocol protocol, UpstreamStream stream, Payloads part, int index) {
    if (protocol == Protocol.OPENAI) {
      Chunk chunk = stream.reader().read(part, index);
      part.keep(chunk);
      return chunk;
    }
    PassedEvent event = PassEvents.event(part, index);
    UpstreamError error = event.isError() ? ErrorBodies.parse(event.json().toString()) : null;
    String finish = event.decides() ? event.type() : null;
    return new Chunk(null, null, "", "", null, null, List.of(), finish, null, null, error);
  }
}
