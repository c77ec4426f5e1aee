package io.caravan.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Too Many Requests|||true",
        "Rate limit reached for model `x` on requests per minute (RPM): Limit 30, Used 30|30|PT1M|true",
        "on requests per day (RPD): Limit 1000, Used 1000. Try again in 1m26s|1000|PT24H|true",
        "You may make 40 requests per minute|40|PT1M|true",
        "limit of 20 requests every 5 hours|20|PT5H|true",
        "rate limit for your plan, try again in 5 hours|||true",
        "on tokens per minute (TPM): Limit 6000, Used 5000, Requested 1200|||false",
        "ResourceExhausted: Worker local total request limit reached (33/32)|||false"
      })
  void readsWhatTheyName(String message, Integer calls, Duration window, boolean ofCalls) {
    assertThat(RateLimitWords.of(message)).isEqualTo(new RateLimitWords(calls, window, ofCalls));
  }
}
