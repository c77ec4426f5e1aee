package io.caravan.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifecycleTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "has reached its end of life on 2026-05-14T00:00:00Z and is|2026-05-14T00:00:00Z",
        "has reached its end of life on 2026-05-14 and is|2026-05-14T00:00:00Z",
        "has reached its end of life on August 7, 2026.|2026-08-07T00:00:00Z",
        "on Aug 7, 2026|2026-08-07T00:00:00Z",
        "2026-05-14T02:00:00+02:00|2026-05-14T00:00:00Z",
        "model v3 of 2026-02-31|",
        "no date|"
      })
  void readsTheDayOfAnEnd(String words, Instant day) {
    assertThat(Lifecycle.endedBy(words).retiresAt()).isEqualTo(day);
    assertThat(Lifecycle.endedBy(words).at(NOW)).isEqualTo("retired");
  }

  @Test
  void isDeprecatedUntilItsEnd() {
    assertThat(Lifecycle.ACTIVE.at(NOW)).isEqualTo("active");
    assertThat(new Lifecycle(null, NOW.plusSeconds(1), false).at(NOW)).isEqualTo("deprecated");
    assertThat(new Lifecycle(null, NOW, false).at(NOW)).isEqualTo("retired");
    assertThat(new Lifecycle(NOW, null, false).at(NOW)).isEqualTo("deprecated");
    assertThat(new Lifecycle(NOW.plusSeconds(1), null, false).at(NOW)).isEqualTo("active");
  }
}
