package io.caravan.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.Event;
import io.caravan.openai.SseFrames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every case of corpus/stream, whole and cut at every byte. */
class StreamCorpusTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<CorpusCase> cases() {
    return Chosen.of(CorpusCase.group("stream"));
  }

  @CorpusTest
  @MethodSource("cases")
  void givesTheEventsOfTheCase(CorpusCase corpusCase) {
    StreamRun run = whole(corpusCase);
    List<String> faults = new ArrayList<>();
    List<JsonNode> events = run.json(faults);
    Grammar.check(events, faults);
    assertThat(faults).as(run.sse()).isEmpty();
    if (corpusCase.error() != null) {
      expectError(corpusCase, run);
    } else {
      expectEvents(corpusCase, events);
    }
  }

  @CorpusTest
  @MethodSource("cases")
  void givesTheSameMessageWithoutStreaming(CorpusCase corpusCase) {
    StreamRun run = whole(corpusCase);
    if (!run.aggregator().isComplete()) {
      assertThat(run.aggregator().failure()).isNotNull();
      return;
    }
    JsonNode message = JsonMatch.parse(new String(run.aggregator().json(), StandardCharsets.UTF_8));
    if (corpusCase.message() != null) {
      assertThat(JsonMatch.differences(JsonMatch.parse(corpusCase.message()), message)).isEmpty();
    } else {
      ObjectNode streamed = Messages.accumulate(Messages.joined(run.json(new ArrayList<>())));
      assertThat(JsonMatch.differences(streamed, message)).isEmpty();
    }
  }

  @CorpusTest
  @MethodSource("cases")
  void givesTheSameByteByByte(CorpusCase corpusCase) {
    CorpusCase.Answer answer = corpusCase.upstream().get(0);
    StreamRun run = StreamRun.of(corpusCase);
    for (byte b : answer.body()) {
      run.feed(new byte[] {b}, 0, 1);
    }
    run.end(answer.reset());
    assertThat(withoutIds(run)).isEqualTo(withoutIds(whole(corpusCase)));
  }

  /** The cut of the reads can only change the frames, so only those are compared. */
  @CorpusTest
  @MethodSource("cases")
  void findsTheSamePayloadsCutAtEveryByte(CorpusCase corpusCase) {
    byte[] body = corpusCase.upstream().get(0).body();
    List<String> expected = payloads(body, body.length);
    for (int cut = 1; cut < body.length; cut++) {
      if (!payloads(body, cut).equals(expected)) {
        assertThat(payloads(body, cut)).as("cut at byte " + cut).isEqualTo(expected);
      }
    }
  }

  private static List<String> payloads(byte[] body, int cut) {
    List<String> payloads = new ArrayList<>();
    SseFrames frames =
        new SseFrames(
            (buffer, offset, length, named) ->
                payloads.add(
                    named + new String(buffer, offset, length, StandardCharsets.ISO_8859_1)));
    byte[] read = body.clone();
    frames.feed(read, 0, cut);
    // Nothing may refer to a read's buffer once it has been processed.
    Arrays.fill(read, 0, cut, (byte) '#');
    frames.feed(read, cut, body.length - cut);
    frames.end();
    return payloads;
  }

  private static StreamRun whole(CorpusCase corpusCase) {
    CorpusCase.Answer answer = corpusCase.upstream().get(0);
    byte[] body = answer.body();
    return StreamRun.of(corpusCase).feed(body, 0, body.length).end(answer.reset());
  }

  /** Returns the events without ids, which are new in each run. */
  private static String withoutIds(StreamRun run) {
    StringBuilder out = new StringBuilder();
    for (Event event : run.events()) {
      out.append(
              event instanceof Event.ToolUseStart tool
                  ? new Event.ToolUseStart(tool.index(), "id", tool.name())
                  : event instanceof Event.SignatureDelta signature
                      ? new Event.SignatureDelta(signature.index(), "signature")
                      : event)
          .append('\n');
    }
    return out.toString();
  }

  /** Expects the HTTP status of a failure that came before any event. */
  private static void expectError(CorpusCase corpusCase, StreamRun run) {
    CorpusCase.Failure expected = corpusCase.error();
    assertThat(run.events()).hasSize(2);
    AnthropicException failure = run.outcome().failure();
    assertThat(failure).as(run.sse()).isNotNull();
    assertThat(failure.type().code()).isEqualTo(expected.type());
    assertThat(failure.status()).isEqualTo(expected.status());
    assertThat(failure.getMessage()).contains(expected.text());
  }

  private static void expectEvents(CorpusCase corpusCase, List<JsonNode> events) {
    JsonNode expected =
        JSON.valueToTree(
            Messages.joined(corpusCase.events().stream().map(JsonMatch::parse).toList()));
    JsonNode actual = JSON.valueToTree(Messages.joined(events));
    List<String> differences = JsonMatch.differences(expected, actual);
    assertThat(differences).as(actual.toPrettyString()).isEmpty();
  }
}
