package io.caravan.provider.learned;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.openai.UpstreamError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StopLimitTest {
  private static Quirk.MaxStops of(String message, int sent) {
    return StopLimit.of(new UpstreamError(400, null, null, message, null), sent);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          stop: List should have at most 4 items after validation, not 6|4
          AnthropicMessagesRequest.stop_sequences: List should have at most 4 items|4
          Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length 9 instead.|4
          len(stop) > 4 is not supported|4
          Maximum of 4 stop sequences allowed, got 5|4
          stop conditions must be less than 4|3
          Length of stop ([2, 16, 2, 1, 3, 3]) exceeds the limit max_model_len(5). Please reduce the number of stop|5
          it has a stopSequences value of 20 but the supported range is from 1 (inclusive) to 17 (exclusive)|16
          at most 4 stop sequences|4
          up to 4 stop strings are accepted|4
          max stop sequences: too many stop sequences, max 5|5
          too many stop sequences|0
          '$.stop' is invalid. Please check the API reference|0
          MLX backend does not support string stop sequences: unsupported|0
          stop is not supported with this model|0
          temperature: bad; stop: at most 2 items|2
          """)
  void readsEachServersWords(String message, int most) {
    assertThat(of(message, 40)).isEqualTo(new Quirk.MaxStops(most));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "at most 4 images may be given",
        "the request was stopped",
        "finish_reason stop",
        "messages: List should have at most 4 items",
      })
  void leavesOtherRefusalsAlone(String message) {
    assertThat(of(message, 40)).isNull();
  }

  @Test
  void aNumberThatWasKeptExplainsNothing() {
    assertThat(of("at most 4 stop sequences", 4)).isNull();
    assertThat(of("at most 4 stop sequences", 0)).isNull();
  }

  @Test
  void theFieldMayStandBesideTheMessage() {
    UpstreamError error =
        new UpstreamError(400, null, "array_above_max_length", "List too long: at most 4", "stop");
    assertThat(StopLimit.of(error, 6)).isEqualTo(new Quirk.MaxStops(4));
  }
}
