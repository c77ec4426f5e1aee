package io.caravan.limits.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class GlobTest {
  @Property
  void itMeansWhatARegularExpressionWouldMean(
      @ForAll @StringLength(max = 8) @CharRange(from = 'a', to = 'c') @Chars('*') String pattern,
      @ForAll @StringLength(max = 12) @CharRange(from = 'a', to = 'c') String name) {
    String regex = pattern.replace("*", ".*");
    assertThat(Glob.matches(pattern, name)).isEqualTo(Pattern.matches(regex, name));
  }

  @Test
  void charactersThatMeanSomethingElsewhereMeanThemselves() {
    assertThat(Glob.matches("glm-5.3", "glm-5x3")).isFalse();
    assertThat(Glob.matches("nim/*", "nim/z-ai/glm-5.3")).isTrue();
    assertThat(Glob.matches("nim/*", "NIM/z-ai/glm-5.3")).isFalse();
  }

  @Test
  void manyStarsAreNotTriedInEveryCombination() {
    String pattern = "*a".repeat(50) + "b";
    assertThat(Glob.matches(pattern, "a".repeat(10_000))).isFalse();
  }
}
