package io.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileLimitTest {
  @Test
  void saysWhatToDoWhereTheSystemAllowsTooFewFiles() {
    assertThat(FileLimit.warning(1024, 10_000))
        .contains("1024", "15200", "ulimit -n", "caravan.max-connections to 549");
  }

  @Test
  void isSilentWhereItAllowsEnough() {
    assertThat(FileLimit.warning(15_200, 10_000)).isNull();
    assertThat(FileLimit.warning(1_048_576, 10_000)).isNull();
    assertThat(FileLimit.warning(-1, 10_000)).isNull();
  }
}
