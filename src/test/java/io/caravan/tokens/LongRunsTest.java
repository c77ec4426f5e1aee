package io.caravan.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Surrogates;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongRunsTest {
  private final LongRuns runs = new LongRuns(Counters.VOCABULARY);

  @Property(tries = 200)
  void countsTextWithoutLongRunsExactly(@ForAll @StringLength(max = 3_000) String text) {
    String wellFormed = Surrogates.repair(text);

    assertThat(runs.count(wellFormed)).isEqualTo(Counters.reference(wellFormed));
  }

  @Property(tries = 60)
  void countsTextAroundALongRunAsJtokkitDoesButForTheCuts(
      @ForAll @IntRange(min = 0, max = 2_000) int before,
      @ForAll @IntRange(min = 500, max = 3_000) int length,
      @ForAll @IntRange(min = 0, max = 1_200) int after) {
    Random random = new Random(31L * before + length);
    String text =
        words(random, before) + " " + letters(random, length, 'a', 26) + " " + words(random, after);

    long exact = Counters.reference(text);
    assertThat(runs.count(text)).isBetween(exact - exact / 100 - 2, exact + exact / 100 + 2);
  }

  @Test
  void countsRandomLettersWithinOnePercent() {
    String text = letters(new Random(1), 30_000, 'a', 26);

    assertThat(runs.count(text))
        .isCloseTo(Counters.reference(text), Percentage.withPercentage(1))
        .isGreaterThanOrEqualTo(Counters.reference(text));
  }

  @Test
  void countsRandomIdeographsWithinTwoPercent() {
    String text = letters(new Random(2), 20_000, '一', 5_000);

    assertThat(runs.count(text))
        .isCloseTo(Counters.reference(text), Percentage.withPercentage(2))
        .isGreaterThanOrEqualTo(Counters.reference(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "0", "a", "=", "-"})
  void countsARunOfOneCharacterWithinOnePercent(String character) {
    String text = "x = " + character.repeat(20_000) + " end";

    assertThat(runs.count(text)).isCloseTo(Counters.reference(text), Percentage.withPercentage(1));
  }

  @Test
  void countsDigitsExactly() {
    String text = "n" + letters(new Random(3), 10_001, '0', 10);

    assertThat(runs.count(text)).isEqualTo(Counters.reference(text));
  }

  @Test
  void neverCutsASurrogatePair() {
    String text = "a" + "\uD83D\uDE42".repeat(5_000) + "b" + "\uD840\uDC0B".repeat(5_000);

    assertThat(runs.count(text)).isCloseTo(Counters.reference(text), Percentage.withPercentage(2));
  }

  @Test
  void takesCombiningMarksForPartsOfAWordWhereTheVocabularyDoes() {
    Vocabulary o200k = JtokkitVocabulary.load("o200k_base");
    String text = "e\u0301".repeat(2_000);

    assertThat(new LongRuns(o200k).count(text))
        .isCloseTo(o200k.count(text), Percentage.withPercentage(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {511, 512, 513, 514, 640, 1_023, 1_024, 1_025})
  void countsRunsAroundTheLimitWithinATokenPerCut(int length) {
    String text = "if " + letters(new Random(length), length, 'a', 26) + ";\n";

    long exact = Counters.reference(text);
    assertThat(runs.count(text)).isCloseTo(exact, Offset.offset(length / LongRuns.CUT + 1L));
  }

  @Test
  void comesToAnEndWithFourMegabytesOfOneWord() {
    String text = "ab".repeat(2_000_000);

    assertThat(runs.count(text)).isBetween(500_000L, 4_000_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "=", "\n", "语", "\t"})
  void comesToAnEndWithALongRunOfOneCharacter(String character) {
    String text = character.repeat(200_000);

    assertThat(runs.count(text)).isBetween(200_000L / 129, 600_000L);
  }

  private static String letters(Random random, int length, char first, int alphabet) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) (first + random.nextInt(alphabet)));
    }
    return text.toString();
  }

  private static String words(Random random, int length) {
    StringBuilder text = new StringBuilder(length);
    while (text.length() < length) {
      text.append(letters(random, 1 + random.nextInt(9), 'a', 26)).append(' ');
    }
    return text.toString();
  }
}
