package io.caravan.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.anthropic.Source;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ImageTokensTest {
  private final ImageTokens tokens = new ImageTokens();

  @Test
  void countsPatchesOf28Pixels() {
    assertThat(tokens.ofSize(new ImageSize(28, 28))).isEqualTo(1);
    assertThat(tokens.ofSize(new ImageSize(29, 28))).isEqualTo(2);
    assertThat(tokens.ofSize(new ImageSize(1_000, 800))).isEqualTo(36 * 29);
  }

  @Test
  void scalesTheLongerSideDown() {
    assertThat(tokens.ofSize(new ImageSize(5_152, 280))).isEqualTo(92 * 5);
  }

  @Test
  void capsWhatOneImageTakes() {
    assertThat(tokens.ofSize(new ImageSize(4_294_967_295L, 4_294_967_295L))).isEqualTo(4_784);
    tokens.setMaxEdge(1_568);
    tokens.setMaxTokens(1_600);
    assertThat(tokens.ofSize(new ImageSize(1_568, 1_568))).isEqualTo(1_600);
  }

  @Test
  void takesADefaultWhereItCannotSeeTheImage() {
    Source url =
        new Source(Source.Kind.URL, null, null, "https://example.com/a.png", null, List.of());

    assertThat(tokens.of(url)).isEqualTo(1_600);
    assertThat(tokens.of(null)).isEqualTo(1_600);
  }

  @Property(tries = 200)
  void aLargerImageNeverTakesFewerTokensUpToTheEdge(
      @ForAll @LongRange(min = 1, max = 2_576) long width,
      @ForAll @LongRange(min = 1, max = 2_576) long height,
      @ForAll @IntRange(min = 0, max = 100) int more) {
    long larger = Math.min(2_576, width + more);

    assertThat(tokens.ofSize(new ImageSize(larger, height)))
        .isGreaterThanOrEqualTo(tokens.ofSize(new ImageSize(width, height)))
        .isBetween(1L, 4_784L);
  }

  @Test
  void refusesAPatchOfNoSize() {
    assertThatThrownBy(() -> tokens.setPatch(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("patch");
  }
}
