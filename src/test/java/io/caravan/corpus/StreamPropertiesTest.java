package io.caravan.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.testkit.Chunks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Tests random chunks in random pieces: the events are a valid message or end in an error, the
 * pieces make no difference, and a client without streaming gets the same message.
 */
class StreamPropertiesTest {
  private static final String REQUEST =
      "{\"model\":\"claude-test\",\"max_tokens\":1024,\"stream\":true,\"thinking\":%s,"
          + "\"stop_sequences\":[\"END\"],\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
          + "\"tools\":[{\"name\":\"Bash\",\"input_schema\":{\"type\":\"object\","
          + "\"properties\":{\"command\":{\"type\":\"string\"}}}},"
          + "{\"name\":\"Read\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}]}";

  private static final String[] WORDS = {
    "",
    " ",
    "\n",
    "Hello",
    ", world.",
    "é😀",
    "日本",
    "<think>",
    "</think>",
    "<th",
    "ink>",
    "<tool_call>",
    "</tool_call>",
    "{\"name\": \"Bash\", \"arguments\": {\"command\": \"ls\"}}",
    "<function=Bash>",
    "<parameter=command>",
    "ls",
    "</parameter>",
    "</function>",
    "●",
    "[TOOL_CALLS]"
  };

  private static final String[] ARGUMENTS = {
    "",
    "{}",
    "{\"command\":",
    "\"ls\"}",
    "{\"command\":\"ls\"}",
    "\"",
    "}",
    "{",
    "null",
    " ",
    "{\"command\":\"l\n\"}",
    "{}{}"
  };

  private static final String[] FINISHES = {
    "stop", "length", "tool_calls", "content_filter", "error", "", "whatever"
  };

  private static final String[] OTHERS = {
    Chunks.DONE,
    Chunks.role(),
    Chunks.usage(25, 5),
    Chunks.usage(0, 0),
    Chunks.comment("keep-alive"),
    Chunks.error(500, "died"),
    "data: {\"choices\":[]}\n\n",
    "data: {\"choices\":null,\"usage\":null}\n\n",
    "data: {\"choices\":[{\"index\":0}]}\n\n",
    "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":null,\"tool_calls\":null}}]}\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"text\",\"text\":\"part\"}]}}]}\n\n",
    "data: {\"choices\":[{\"index\":0,\"message\":{\"content\":\"whole\"},\"finish_reason\":\"stop\"}]}\n\n",
    "event: ping\r\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"crlf\"}}]}\r\n\r\n",
    "data:{\"choices\":[{\"index\":0,\"delta\":{\"refusal\":\"No.\"}}]}\n\n",
    "data: {\"choices\":[{\"del\n\n",
    "\n\n",
    "id: 7\nretry: 5\n\n"
  };

  @Provide
  Arbitrary<List<String>> streams() {
    Arbitrary<String> text = Arbitraries.of(WORDS).list().ofMaxSize(4).map(w -> String.join("", w));
    Arbitrary<String> frame =
        Arbitraries.frequencyOf(
            Tuple.of(6, text.map(Chunks::text)),
            Tuple.of(3, text.map(Chunks::reasoning)),
            Tuple.of(6, calls()),
            Tuple.of(2, Arbitraries.of(FINISHES).map(Chunks::finish)),
            Tuple.of(3, Arbitraries.of(OTHERS)));
    Arbitrary<List<String>> frames = frame.list().ofMaxSize(14);
    // Half of them end like most streams, so that whole messages result.
    return Combinators.combine(frames, Arbitraries.of(FINISHES), Arbitraries.of(true, false))
        .as(
            (some, finish, ends) -> {
              List<String> all = new ArrayList<>(some);
              if (ends) {
                all.add(Chunks.finish(finish));
                all.add(Chunks.usage(25, 5));
                all.add(Chunks.DONE);
              }
              return all;
            });
  }

  /** Returns pieces of calls with and without index, id and name. */
  private static Arbitrary<String> calls() {
    Arbitrary<String> index = Arbitraries.of("", "\"index\":null,", "\"index\":0,", "\"index\":1,");
    Arbitrary<String> id =
        Arbitraries.of("", "\"id\":null,", "\"id\":\"\",", "\"id\":\"call_0\",", "\"id\":\"b\",");
    Arbitrary<String> name =
        Arbitraries.of("", "\"name\":\"Bash\",", "\"name\":\"Read\",", "\"name\":\"\",");
    return Combinators.combine(index, id, name, Arbitraries.of(ARGUMENTS))
        .as(
            (i, d, n, arguments) ->
                Chunks.delta(
                    "{\"tool_calls\":[{"
                        + i
                        + d
                        + "\"function\":{"
                        + n
                        + "\"arguments\":"
                        + Chunks.quote(arguments)
                        + "}}]}"));
  }

  @Property(tries = 1500)
  void theEventsAreValid(@ForAll("streams") List<String> frames, @ForAll boolean thinking) {
    List<String> faults = new ArrayList<>();
    StreamRun run = run(frames, thinking, new Random(0), Integer.MAX_VALUE);

    Grammar.check(run.json(faults), faults);

    assertThat(faults).as(run.sse()).isEmpty();
  }

  @Property(tries = 500)
  void thePiecesMakeNoDifference(
      @ForAll("streams") List<String> frames, @ForAll boolean thinking, @ForAll long seed) {
    String whole = events(run(frames, thinking, new Random(seed), Integer.MAX_VALUE));

    assertThat(events(run(frames, thinking, new Random(seed), 1))).isEqualTo(whole);
    assertThat(events(run(frames, thinking, new Random(seed), 60))).isEqualTo(whole);
  }

  @Property(tries = 1000)
  void theMessageIsTheSameWithoutStreaming(
      @ForAll("streams") List<String> frames, @ForAll boolean thinking) {
    StreamRun run = run(frames, thinking, new Random(0), Integer.MAX_VALUE);
    if (!run.aggregator().isComplete()) {
      assertThat(run.outcome().failure()).isNotNull();
      return;
    }
    ObjectNode streamed = Messages.accumulate(Messages.joined(run.json(new ArrayList<>())));
    JsonNode whole = JsonMatch.parse(new String(run.aggregator().json(), StandardCharsets.UTF_8));
    // An incomplete call of a stream that was cut off has no form in a whole message.
    streamed.withArray("content").removeIf(StreamPropertiesTest::isHalfACall);

    assertThat(JsonMatch.differences(streamed, whole)).isEmpty();
  }

  private static boolean isHalfACall(JsonNode block) {
    return block.path("type").asText().equals("tool_use") && !block.path("input").isObject();
  }

  private static StreamRun run(
      List<String> frames, boolean thinking, Random random, int longestPiece) {
    String thinks = thinking ? "{\"type\":\"adaptive\"}" : "{\"type\":\"disabled\"}";
    StreamRun run =
        StreamRun.of(
            new CorpusCase(
                "stream",
                "random",
                "",
                "",
                Map.of(),
                REQUEST.formatted(thinks),
                null,
                List.of(),
                null,
                null,
                null));
    byte[] bytes = String.join("", frames).getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; ) {
      int length =
          longestPiece == Integer.MAX_VALUE ? bytes.length : 1 + random.nextInt(longestPiece);
      length = Math.min(length, bytes.length - at);
      run.feed(bytes, at, length);
      at += length;
    }
    return run.end(false);
  }

  /** Returns the events without ids, which are new each time, and without the cuts of texts. */
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
