package io.caravan.translate.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StopSequencesTest {
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab<").ofMaxLength(30);
  }

  @Provide
  Arbitrary<List<String>> sequences() {
    return Arbitraries.strings()
        .withChars("ab<")
        .ofMinLength(1)
        .ofMaxLength(5)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  /** Returns the text up to the sequence whose end comes first, found without any cleverness. */
  private static String cut(String text, List<String> sequences) {
    for (int end = 1; end <= text.length(); end++) {
      String longest = "";
      for (String sequence : sequences) {
        if (text.substring(0, end).endsWith(sequence) && sequence.length() > longest.length()) {
          longest = sequence;
        }
      }
      if (!longest.isEmpty()) {
        return text.substring(0, end - longest.length());
      }
    }
    return text;
  }

  @Property(tries = 3000)
  void endsTheTextAtTheSameCharacterHoweverItIsCut(
      @ForAll("texts") String text,
      @ForAll("sequences") List<String> sequences,
      @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 9) Integer> sizes) {
    StopSequences stops = StopSequences.of(sequences);
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (int size : sizes) {
      int end = Math.min(text.length(), at + size);
      out.append(stops.accept(text.substring(at, end)));
      at = end;
    }
    out.append(stops.accept(text.substring(at))).append(stops.end());

    String expected = cut(text, sequences);
    assertThat(out.toString()).isEqualTo(expected);
    assertThat(stops.found() == null).isEqualTo(expected.equals(text));
  }

  @Test
  void costsNothingWithoutSequences() {
    assertThat(StopSequences.of(List.of())).isNull();
  }

  @Test
  void passesOnTheSameTextWhereNothingBegins() {
    String text = "plain";
    assertThat(StopSequences.of(List.of("STOP")).accept(text)).isSameAs(text);
  }

  /** A text that always nearly matches must not be read again and again. */
  @Test
  void endsForALongInputThatNearlyMatchesEverywhere() {
    StopSequences stops = StopSequences.of(List.of("a".repeat(100_000) + "b"));
    StringBuilder out = new StringBuilder();
    String piece = "a".repeat(50);
    for (int i = 0; i < 10_000; i++) {
      out.append(stops.accept(piece));
    }
    out.append(stops.end());
    assertThat(out).hasSize(500_000);
  }
}
