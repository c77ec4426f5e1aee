package io.caravan.translate.response;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class ArgumentsScannerFuzzTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<byte[]> arguments() {
    return Stream.of(
            "{}",
            " \n{\"a\":[1,-2.5e+3,0,true,null,{\"b\":\"\\u00e9\\n\"}]} {\"c\":1}",
            "{\"pattern\":\"\\d+\\.\",\"text\":\"one\ntwo\tthree\"}",
            "{\"cut\":\"off \\u00",
            "[\"no object\"]",
            "{\"a\":01}",
            "{\"a\":1,}",
            "{\"a\":" + "[".repeat(600))
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** Arguments that the scanner reports as whole are an object, however the pieces are cut. */
  @MethodSource("arguments")
  @FuzzTest(maxDuration = "1m")
  void aWholeObjectIsJson(byte[] bytes) throws JsonProcessingException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    StringBuilder whole = new StringBuilder();
    StringBuilder pieces = new StringBuilder();
    ArgumentsScanner scanner = new ArgumentsScanner();
    ArgumentsScanner byCharacter = new ArgumentsScanner();

    int end = scanner.read(text, 0, whole);
    text.chars().forEach(c -> byCharacter.read(Character.toString(c), 0, pieces));

    assertThat(byCharacter.isComplete()).isEqualTo(scanner.isComplete());
    assertThat(pieces.toString()).isEqualTo(whole.toString());
    if (scanner.isComplete()) {
      assertThat(JSON.readTree(whole.toString()).isObject()).isTrue();
      assertThat(scanner.isRepaired() || text.substring(0, end).endsWith(whole.toString()))
          .isTrue();
    }
  }
}
