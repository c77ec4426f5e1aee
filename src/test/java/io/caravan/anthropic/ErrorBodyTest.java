package io.caravan.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorBodyTest {
  private static AnthropicException error(Duration retryAfter, Boolean shouldRetry) {
    return new AnthropicException(ErrorType.RATE_LIMIT, 429, "slow", retryAfter, shouldRetry, null);
  }

  @Test
  void isTheProtocolsEnvelope() {
    byte[] body = ErrorBody.write(AnthropicException.invalid("a \"b\"\n\u00e9"), "req_1");

    assertThat(new String(body, StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                + "\"message\":\"a \\\"b\\\"\\n\u00e9\"},\"request_id\":\"req_1\"}");
  }

  @Test
  void hasTheCodeThatSdksKnow() {
    byte[] body =
        ErrorBody.write(AnthropicException.invalid("no", "thread_unsupported_request"), "req_1");

    assertThat(new String(body, StandardCharsets.UTF_8))
        .contains("\"no\",\"details\":{\"error_code\":\"thread_unsupported_request\"}},");
    assertThat(ErrorBody.details(body))
        .hasToString("{\"error_code\":\"thread_unsupported_request\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "no JSON", "[]", "{}", "{\"error\":5}", "{\"error\":{\"details\":[]}}"})
  void hasNoDetails(String body) {
    assertThat(ErrorBody.details(body.getBytes(StandardCharsets.UTF_8))).isNull();
  }

  @Test
  void leavesOutARequestIdThatIsNotKnown() {
    byte[] body = ErrorBody.write(new AnthropicException(ErrorType.API, "broken"), null);

    assertThat(new String(body, StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"broken\"}}");
  }

  @Test
  void survivesHalfASurrogatePair() {
    byte[] body = ErrorBody.write(new AnthropicException(ErrorType.API, "cut \ud83d"), null);

    assertThat(new String(body, StandardCharsets.UTF_8)).contains("cut \ufffd");
  }

  @Test
  void toldSecondsAreWholeAndNeverTooEarly() {
    assertThat(ErrorBody.headers(error(Duration.ofMillis(2001), null)))
        .containsExactly(entry("retry-after", "3"));
    assertThat(ErrorBody.headers(error(Duration.ZERO, null)))
        .containsExactly(entry("retry-after", "0"));
    assertThat(ErrorBody.headers(error(Duration.ofSeconds(-1), null)))
        .containsExactly(entry("retry-after", "0"));
  }

  @Test
  void shouldRetryIsToldOnlyWhereItIsKnown() {
    assertThat(ErrorBody.headers(error(null, false)))
        .containsExactly(entry("x-should-retry", "false"));
    assertThat(ErrorBody.headers(error(null, null))).isEmpty();
  }

  @Test
  void requestIdsHaveAnthropicsFormAndSortByTime() {
    String[] ids = {RequestIds.of(1_800_000_000_000L), RequestIds.of(1_800_000_000_001L)};
    String[] sorted = ids.clone();
    Arrays.sort(sorted);

    assertThat(RequestIds.next()).matches("req_[0-9A-Za-z]{24}");
    assertThat(RequestIds.next()).isNotEqualTo(RequestIds.next());
    assertThat(sorted).containsExactly(ids);
  }
}
