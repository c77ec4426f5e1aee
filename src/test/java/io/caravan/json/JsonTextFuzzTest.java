package io.caravan.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTextFuzzTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<byte[]> strings() {
    return Stream.of(
            "\"\"",
            "\"plain text, longer than eight bytes\" and more",
            "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
            "\"é日本😀\"",
            "\"half \\ud83d a pair\"",
            "\"a line\nbreak\"",
            "\"not \\x escaped\"",
            "\"without an end")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** A string that may be sent on as it is, is JSON and UTF-8, and says the same when decoded. */
  @MethodSource("strings")
  @FuzzTest(maxDuration = "1m")
  void aStringThatIsSentOnIsJson(byte[] document) throws IOException {
    JsonText text = JsonText.in(document, 0);
    if (text == null) {
      return;
    }
    String json = text.json().toString();

    assertThat(json.getBytes(StandardCharsets.UTF_8)).isEqualTo(bytes(text.json()));
    assertThat(text.toString())
        .isEqualTo(JSON.readValue(json, String.class))
        .hasSize(text.length());
    assertThat(text.isBlank()).isEqualTo(text.toString().isBlank());
    assertThat(text.after("x").toString()).isEqualTo("x" + text);
  }

  private static byte[] bytes(RawJson json) {
    return Arrays.copyOfRange(json.buffer(), json.offset(), json.offset() + json.length());
  }
}
