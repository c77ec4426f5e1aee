package io.caravan.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndTokensTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<|im_end|>",
        "</s>",
        "<|eot_id|>\n",
        "<|im_end|>\n<|endoftext|>",
        "</s></s></s>",
        "<｜end▁of▁sentence｜>",
        "[EOS]",
        "<end_of_turn>\n"
      })
  void areTakenFromTheEndWhereverTheTextIsCut(String tokens) {
    String text = "a < b, [1] and <b>." + tokens;
    for (int length = 1; length <= text.length(); length++) {
      assertThat(said(text, length, List.of())).as("in pieces of %d", length).startsWith("a < b");
      assertThat(said(text, length, List.of()).stripTrailing()).isEqualTo("a < b, [1] and <b>.");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<|im_end|> closes a turn.",
        "A turn ends with </s> and a line end.\n",
        "Write <|im_",
        "if a <",
        "`</s>`",
        "[EOS",
        "<|im_end|>x"
      })
  void stayElsewhere(String text) {
    for (int length = 1; length <= text.length(); length++) {
      assertThat(said(text, length, List.of())).as("in pieces of %d", length).isEqualTo(text);
    }
  }

  @Test
  void aStopSequenceOfTheRequestIsText() {
    assertThat(said("a</s>", 2, List.of("</s>"))).isEqualTo("a</s>");
  }

  @Test
  void aTextWithoutThemGoesOnAsTheSameChunk() {
    EndTokens tokens = new EndTokens(List.of());
    for (String text : List.of("word", " [1] is", "a < b ", "\n", "<b> ")) {
      Chunk chunk = chunk(text, null);
      assertThat(tokens.accept(chunk)).isSameAs(chunk);
    }
  }

  private static String said(String text, int length, List<String> stopSequences) {
    EndTokens tokens = new EndTokens(stopSequences);
    List<Chunk> chunks = new ArrayList<>();
    for (int at = 0; at < text.length(); at += length) {
      chunks.add(chunk(text.substring(at, Math.min(text.length(), at + length)), null));
    }
    chunks.add(chunk("", "stop"));
    StringBuilder said = new StringBuilder();
    chunks.forEach(chunk -> said.append(tokens.accept(chunk).content()));
    return said.toString();
  }

  private static Chunk chunk(String content, String finish) {
    return new Chunk("c", "m", content, "", null, null, List.of(), finish, null, null, null);
  }
}
