package io.caravan.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelChoiceTest {
  @ParameterizedTest
  @CsvSource({
    "nim/m[1m],nim/m",
    "nim/m[1M][1m],nim/m",
    "claude/nim/m[1m],nim/m",
    "claude-opus-5-5[1m],claude-opus-5-5",
    "'nim/m [1m] ',nim/m",
    "nim/m[200k],nim/m",
    "nim/m[1.5m],nim/m",
    "nim/m,nim/m",
    "nim/m[1m]x,nim/m[1m]x",
    "nim/m[fast],nim/m[fast]",
    "nim/m[1m,nim/m[1m",
    "[1m],''"
  })
  void takesTheMarkOfAWindowOffAName(String requested, String plain) {
    assertThat(ModelChoice.plain(requested)).isEqualTo(plain);
  }
}
