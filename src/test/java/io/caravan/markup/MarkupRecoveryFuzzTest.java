package io.caravan.markup;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.caravan.openai.Chunk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class MarkupRecoveryFuzzTest {
  static Stream<byte[]> answers() {
    return MarkupPropertiesTest.MARKUP.stream().map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** Nothing of an answer is lost, and the pieces make no difference. */
  @MethodSource("answers")
  @FuzzTest(maxDuration = "1m")
  void losesNothing(byte[] bytes) {
    String answer = new String(bytes, StandardCharsets.UTF_8);
    MarkupRecovery recovery = new MarkupRecovery(MarkupPropertiesTest.SETTINGS);

    Transcript whole = Streams.run(recovery, chunks(answer, Math.max(1, answer.length())));
    String out = whole.thinking() + whole.text();
    assertThat(out.length() + recovery.charactersTaken()).isEqualTo(answer.length());

    Transcript pieces =
        Streams.run(new MarkupRecovery(MarkupPropertiesTest.SETTINGS), chunks(answer, 3));
    assertThat(pieces.blocks()).isEqualTo(whole.blocks());
  }

  private static List<Chunk> chunks(String answer, int piece) {
    List<Chunk> chunks = new ArrayList<>();
    for (int at = 0; at < answer.length(); at += piece) {
      chunks.add(Streams.content(answer.substring(at, Math.min(at + piece, answer.length()))));
    }
    chunks.add(Streams.finish("stop"));
    return chunks;
  }
}
