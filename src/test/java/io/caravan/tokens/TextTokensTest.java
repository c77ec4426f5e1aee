package io.caravan.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Surrogates;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTokensTest {
  private final TextTokens texts = new TextTokens(Counters.VOCABULARY, 1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hi <|endoftext|> there",
        "<|fim_prefix|><|fim_middle|><|fim_suffix|><|endofprompt|>",
        "<|im_start|>system\nYou are…<|im_end|>"
      })
  void countsTheNamesOfSpecialTokensAsOrdinaryText(String text) {
    assertThat(texts.exact(text)).isEqualTo(Counters.reference(text)).isGreaterThan(4);
  }

  @Test
  void countsHalfASurrogatePairAsTheReplacementCharacterThatTheUpstreamIsSent() {
    assertThat(texts.exact("cut \uD83D here")).isEqualTo(Counters.reference("cut \uFFFD here"));
    assertThat(texts.exact("\uDE42")).isEqualTo(Counters.reference("\uFFFD"));
  }

  @Property(tries = 500)
  void neverThrowsWhateverTheUnits(@ForAll("anyUnits") String text) {
    assertThat(texts.exact(text)).isEqualTo(Counters.reference(Surrogates.repair(text)));
    assertThat(texts.sampled(text)).isBetween(0, 4 * text.length());
  }

  @Property(tries = 300)
  void neverCountsFewerForALongerText(@ForAll("prose") String text, @ForAll("prose") String more) {
    assertThat(texts.exact(text + " " + more)).isGreaterThanOrEqualTo(texts.exact(text));
  }

  @Test
  void estimatesProseWithinTenPercentFromSamples() {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 4_000; line++) {
      text.append("Line ").append(line).append(": the quick brown fox isn't lazy, is it?\n");
    }

    assertThat(texts.sampled(text.toString()))
        .isCloseTo(Counters.reference(text.toString()), Percentage.withPercentage(10));
    assertThat(texts.sampledCount()).isEqualTo(1);
  }

  @Test
  void countsShortTextsExactlyEvenWhenSampling() {
    String text = "word ".repeat(100);

    assertThat(texts.sampled(text)).isEqualTo(Counters.reference(text));
    assertThat(texts.sampledCount()).isZero();
  }

  @Provide
  Arbitrary<String> anyUnits() {
    return Arbitraries.chars().range('\u0000', '\uFFFF').list().ofMaxSize(700).map(Units::join);
  }

  @Provide
  Arbitrary<String> prose() {
    return Arbitraries.of("one", "fish", "isn't", "42", "日本", "…", "\n", "é", "x+=1;", "🙂")
        .list()
        .ofMaxSize(60)
        .map(words -> String.join(" ", words));
  }

  /** Provides strings of any sixteen-bit units, halves of surrogate pairs included. */
  static final class Units {
    private Units() {}

    static String join(Iterable<Character> units) {
      StringBuilder text = new StringBuilder();
      units.forEach(text::append);
      return text.toString();
    }
  }
}
