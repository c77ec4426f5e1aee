package io.caravan.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitHeadersTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  private static RateLimitHeaders of(Map<String, String> headers) {
    Map<String, String> any = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    any.putAll(headers);
    return RateLimitHeaders.of(any::forEach, any::get, NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "12ms,12",
    "1s,1000",
    "6m0s,360000",
    "2m59.56s,179560",
    "1h2m3s,3723000",
    "45,45000",
    "0.5,500",
    "1796040010,10000",
    "1796040010000,10000",
    "2026-11-30T12:00:30Z,30000",
    "soon,",
    "-1s,",
    "0,"
  })
  void readsTheTimeInEachServersWords(String value, Long millis) {
    assertThat(RateLimitHeaders.time(value, NOW))
        .isEqualTo(millis == null ? null : Duration.ofMillis(millis));
  }

  @Test
  void readsTheLimitThatIsUsedUp() {
    assertThat(
            of(
                Map.of(
                    "X-RateLimit-Remaining-Requests", "0",
                    "x-ratelimit-reset-requests", "6m0s",
                    "x-ratelimit-limit-requests", "30",
                    "x-ratelimit-remaining-tokens", "17",
                    "x-ratelimit-reset-tokens", "2h")))
        .isEqualTo(new RateLimitHeaders(Duration.ofMinutes(6), 30));
    assertThat(
            of(
                Map.of(
                    "x-ratelimit-limit", "20",
                    "x-ratelimit-remaining", "0",
                    "x-ratelimit-reset", "1796040060000")))
        .isEqualTo(new RateLimitHeaders(Duration.ofMinutes(1), 20));
  }

  @Test
  void takesTheLongestOfSeveralAndNoTokensForCalls() {
    assertThat(
            of(
                Map.of(
                    "x-ratelimit-remaining-tokens-minute", "0",
                    "x-ratelimit-reset-tokens-minute", "20.5",
                    "x-ratelimit-limit-tokens-minute", "6000",
                    "x-ratelimit-remaining-requests-day", "0",
                    "x-ratelimit-reset-requests-day", "33011.38")))
        .isEqualTo(new RateLimitHeaders(Duration.ofMillis(33_011_380), null));
  }

  @Test
  void saysNothingAsLongAsCallsAreLeft() {
    assertThat(
            of(
                Map.of(
                    "x-ratelimit-remaining-requests", "1",
                    "x-ratelimit-reset-requests", "1s",
                    "content-type", "text/event-stream")))
        .isSameAs(RateLimitHeaders.NONE);
  }
}
