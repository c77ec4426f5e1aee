package io.caravan.app;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteShapeTest {
  private static final String PATH = "routes/mine.camel.yaml";

  private static void check(String text) {
    RouteShape.check(PATH, text.translateEscapes().getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~|has nothing in it",
        "\\n  \\n|has nothing in it",
        "# later\\n---\\n|has nothing in it",
        "route:\\n  id: x|, line 1: a route file is a list",
        "# mine\\n\\nbeans:\\n  - name: x|, line 3: a route file is a list",
        "-route:|, line 1: a route file is a list",
        "ELF\\0\\0|is no text"
      })
  void saysWhatTheFileLacks(String text, String words) {
    assertThatThrownBy(() -> check(text))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(PATH)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- route:\\n    id: x",
        "# mine\\r\\n---\\r\\n- beans:\\r\\n",
        "\uFEFF- route:",
        "  - route:",
        "-\\n  route:",
        "[]",
        "apiVersion: camel.apache.org/v1\\nkind: Integration"
      })
  void leavesTheRestToCamel(String text) {
    assertThatCode(() -> check(text)).doesNotThrowAnyException();
  }
}
