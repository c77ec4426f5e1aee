package io.caravan.markup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownContextTest {
  private static final Markers MARKERS =
      Markers.of(MarkupSettings.allFamilies(), java.util.List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "```\n",
        "```xml\ncode\n",
        "  ~~~~\n```\n~~~\n",
        "1. ```\n",
        "> ```js\n",
        "see `",
        "see ``a ` b",
        "```\ncode\n``\n",
        "````\n```\n",
        "~~~ `` ~~~\n",
        "```\nline\n``` not closed\n",
      })
  void isInCodeBehind(String text) {
    assertThat(behind(text).inCode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "word",
        "```\ncode\n```\n",
        "```\ncode\n  ````  \n",
        "```one line```",
        "`code`",
        "``a ` b``",
        "an ` alone in a line\n",
        "text ```\n",
        "~ about ~~this~~",
        "- ```\n  code\n  ```\n",
      })
  void isNotInCodeBehind(String text) {
    assertThat(behind(text).inCode()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", "  ", "Done.", "Done. ", "now: ", "word", "end</think>", "好", "** "})
  void aTagMayStandBehind(String text) {
    assertThat(behind(text).atBreak()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"the ", "a, ", "\"", "say “", "it's '", "(", "x ("})
  void aTagIsProseBehind(String text) {
    assertThat(behind(text).atBreak()).isFalse();
  }

  /**
   * Returns the context behind a text. It is taken in whole and in pieces, and both must give the
   * same.
   */
  private static MarkdownContext behind(String text) {
    MarkdownContext whole = new MarkdownContext();
    takeAll(whole, text);
    MarkdownContext pieces = new MarkdownContext();
    for (int i = 0; i < text.length(); i++) {
      takeAll(pieces, text.substring(i, i + 1));
    }
    assertThat(pieces.inCode()).isEqualTo(whole.inCode());
    assertThat(pieces.atBreak()).isEqualTo(whole.atBreak());
    return whole;
  }

  private static void takeAll(MarkdownContext surroundings, String text) {
    int at = surroundings.takeUntilToken(text, 0, text.length(), MARKERS);
    while (at < text.length()) {
      surroundings.take(text.charAt(at));
      at = surroundings.takeUntilToken(text, at + 1, text.length(), MARKERS);
    }
  }
}
