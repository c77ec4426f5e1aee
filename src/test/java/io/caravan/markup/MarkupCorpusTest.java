package io.caravan.markup;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.corpus.Chosen;
import io.caravan.corpus.CorpusTest;
import io.caravan.openai.Chunk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that each case of the corpus gives its blocks, wherever its texts are cut. */
class MarkupCorpusTest {
  static List<MarkupCase> cases() {
    return Chosen.of(MarkupCase.all());
  }

  @CorpusTest
  @MethodSource("cases")
  void givesTheBlocksAsItCame(MarkupCase example) {
    assertThat(blocks(example, example.chunks())).isEqualTo(example.blocks());
  }

  @CorpusTest
  @MethodSource("cases")
  void givesTheSameCharacterByCharacter(MarkupCase example) {
    for (int length = 1; length < 5; length++) {
      assertThat(blocks(example, Streams.cut(example.chunks(), length)))
          .as("in pieces of %d", length)
          .isEqualTo(example.blocks());
    }
  }

  @CorpusTest
  @MethodSource("cases")
  void givesTheSameCutAnywhere(MarkupCase example) {
    List<Chunk> joined = Streams.joined(example.chunks());
    assertThat(blocks(example, joined)).as("joined").isEqualTo(example.blocks());
    for (int i = 0; i < joined.size(); i++) {
      Chunk chunk = joined.get(i);
      int length = chunk.content().length() + chunk.reasoning().length();
      for (int at = 1; at < length; at++) {
        List<Chunk> cut = new ArrayList<>(joined.subList(0, i));
        cut.addAll(Streams.cutAt(chunk, at));
        cut.addAll(joined.subList(i + 1, joined.size()));
        assertThat(blocks(example, cut)).as("cut at %d", at).isEqualTo(example.blocks());
      }
    }
  }

  private static List<Transcript.Block> blocks(MarkupCase example, List<Chunk> chunks) {
    MarkupSettings settings =
        new MarkupSettings(MarkupSettings.allFamilies(), example.tools(), null);
    return Streams.run(new MarkupRecovery(settings), chunks).blocks();
  }
}
