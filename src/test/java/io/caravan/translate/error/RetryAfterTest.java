package io.caravan.translate.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          20 | 20000
          0 | 0
          1.5 | 1500
          Sun, 22 Nov 2026 12:01:00 GMT | 60000
          Sun, 22 Nov 2026 11:00:00 GMT | 0
          999999999 | 86400000
          """)
  void theHeaderIsSecondsOrADate(String header, long millis) {
    assertThat(RetryAfter.of(header, "", NOON)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Please try again in 20s. | 20000
          Please try again in 9m38.016s. | 578016
          Please try again in 1h2m3s | 3723000
          try again in 250ms | 250
          Please retry in 53.5s. | 53500
          retry after 30 seconds | 30000
          Please wait for 2 minutes | 120000
          limit will reset in 1 hour | 3600000
          try again in 1 minute, 5 seconds | 65000
          """)
  void theMessageMaySayIt(String message, long millis) {
    assertThat(RetryAfter.of(null, message, NOON)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Please retry shortly",
        "wait 5 messages",
        "try again in 4 models",
        "retry 3",
        "",
        "in 20s"
      })
  void nothingIsMadeUp(String message) {
    assertThat(RetryAfter.of(null, message, NOON)).isNull();
  }

  @Test
  void theHeaderCountsBeforeTheMessageAndAHeaderThatIsNoneDoesNot() {
    assertThat(RetryAfter.of("7", "try again in 20s", NOON)).isEqualTo(Duration.ofSeconds(7));
    assertThat(RetryAfter.of("soon", "try again in 20s", NOON)).isEqualTo(Duration.ofSeconds(20));
    assertThat(RetryAfter.of("-1", "", NOON)).isNull();
  }
}
