package io.caravan.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.corpus.CorpusCase;
import io.caravan.corpus.Grammar;
import io.caravan.corpus.Messages;
import io.caravan.corpus.StreamRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Translates malformed streams of upstreams, cut into any pieces: the client gets a valid stream,
 * which may end in an error, and the pieces make no difference.
 */
final class StreamTarget implements Target {
  private final List<CorpusCase> cases =
      CorpusCase.group("stream").stream().filter(c -> !c.upstream().isEmpty()).toList();

  @Override
  public boolean onlyComputes() {
    return true;
  }

  @Override
  public List<String> tryOnce(Random random) {
    CorpusCase sound = cases.get(random.nextInt(cases.size()));
    byte[] bytes = new Mutator(random).mostly(sound.upstream().get(0).body());
    boolean reset = random.nextInt(4) == 0;
    List<String> faults = new ArrayList<>();

    StreamRun whole = StreamRun.of(sound).feed(bytes, 0, bytes.length).end(reset);
    StreamRun pieces = StreamRun.of(sound);
    int longest = 1 + random.nextInt(60);
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(1 + random.nextInt(longest), bytes.length - at);
      pieces.feed(bytes, at, length);
      at += length;
    }
    pieces.end(reset);

    Grammar.check(pieces.json(faults), faults);
    if (!events(whole).equals(events(pieces))) {
      faults.add("other pieces, other events: " + events(whole) + " and " + events(pieces));
    }
    if (whole.aggregator().isComplete()) {
      whole.aggregator().json();
    }
    return faults;
  }

  /** Removes the parts that differ each time. */
  private static String events(StreamRun run) {
    List<JsonNode> events = Messages.joined(run.json(new ArrayList<>()));
    for (JsonNode event : events) {
      if (event.path("content_block") instanceof ObjectNode block && block.has("id")) {
        block.put("id", "id");
      }
      if (event.path("delta") instanceof ObjectNode delta && delta.has("signature")) {
        delta.put("signature", "signature");
      }
    }
    return events.toString();
  }
}
