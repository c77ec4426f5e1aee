package io.caravan.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.caravan.corpus.CorpusCase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class SseFramesFuzzTest {
  private static final int MAX_PAYLOAD = 1 << 12;

  static Stream<byte[]> streams() {
    return CorpusCase.group("stream").stream()
        .flatMap(sound -> sound.upstream().stream())
        .map(CorpusCase.Answer::body);
  }

  /** The payloads are the same wherever the reads cut the bytes. */
  @MethodSource("streams")
  @FuzzTest(maxDuration = "1m")
  void thePiecesMakeNoDifference(byte[] stream) {
    List<String> whole = payloads(stream, Math.max(1, stream.length));

    for (int piece : new int[] {1, 2, 7}) {
      assertThat(payloads(stream, piece)).isEqualTo(whole);
    }
  }

  private static List<String> payloads(byte[] stream, int piece) {
    List<String> payloads = new ArrayList<>();
    SseFrames frames =
        new SseFrames(
            (buffer, offset, length, named) ->
                payloads.add(
                    named + new String(buffer, offset, length, StandardCharsets.ISO_8859_1)),
            MAX_PAYLOAD);
    try {
      for (int at = 0; at < stream.length; at += piece) {
        frames.feed(stream, at, Math.min(piece, stream.length - at));
      }
      frames.end();
    } catch (MalformedStreamException e) {
      return List.of("too long");
    }
    return payloads;
  }
}
