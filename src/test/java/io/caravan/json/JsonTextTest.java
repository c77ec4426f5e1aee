package io.caravan.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  /** A text, and one of its forms in JSON. */
  private record Written(String text, String json) {
    Written and(Written next) {
      return new Written(text + next.text, json + next.json);
    }

    JsonText read() {
      return in("[1,\"" + json + "\",2]", 3);
    }
  }

  private static JsonText in(String json, int from) {
    return JsonText.in(json.getBytes(StandardCharsets.UTF_8), from);
  }

  @Provide
  Arbitrary<Written> written() {
    Arbitrary<Written> pieces =
        Arbitraries.of(
            new Written(" ", " "),
            new Written("x", "x"),
            new Written("\n", "\\n"),
            new Written("\r\t", "\\r\\t"),
            new Written("\n", "\\u000A"),
            new Written("/", "\\/"),
            new Written("<", "\\u003c"),
            new Written("\"", "\\\""),
            new Written("\\", "\\\\"),
            new Written("é", "é"),
            new Written("é", "\\u00e9"),
            new Written("日本", "日本"),
            new Written("\u3000", "\u3000"),
            new Written("\u2003", "\\u2003"),
            new Written("\u2028", "\u2028"),
            new Written("\u007F", "\u007F"),
            new Written("😀", "😀"));
    Arbitrary<Written> runs =
        Arbitraries.integers()
            .between(1, 40)
            .map(n -> new Written("run of it".repeat(n), "run of it".repeat(n)));
    return Arbitraries.frequencyOf(Tuple.of(4, pieces), Tuple.of(1, runs))
        .list()
        .ofMaxSize(12)
        .map(parts -> parts.stream().reduce(new Written("", ""), Written::and));
  }

  @Property
  void saysWhatItsTextSays(@ForAll("written") Written written) {
    String text = written.text();
    JsonText read = written.read();

    assertThat(read.json()).hasToString("\"" + written.json() + "\"");
    assertThat(read.length()).isEqualTo(text.length());
    assertThat(read.isEmpty()).isEqualTo(text.isEmpty());
    assertThat(read.isBlank()).isEqualTo(text.isBlank());
    assertThat(read).hasToString(text).isEqualTo(JsonText.of(text));
    assertThat(read).hasSameHashCodeAs(JsonText.of(text));
  }

  @Property
  void tellsHowItsTextBegins(@ForAll("written") Written written) {
    for (String beginning : List.of("", "x", "x\n", "/<", "run of it run", "\"", "\n ")) {
      assertThat(written.read().startsWith(beginning))
          .as(beginning)
          .isEqualTo(written.text().startsWith(beginning));
    }
  }

  @Property
  void joinsWhatCameAndWhatIsAdded(
      @ForAll("written") Written first, @ForAll("written") Written second) {
    List<String> texts = List.of(first.text(), "\"added\"\n", second.text());
    JsonText joined =
        JsonText.join("\n\n", List.of(first.read(), JsonText.of(texts.get(1)), second.read()));

    assertThat(joined.length()).isEqualTo(String.join("\n\n", texts).length());
    assertThat(joined).hasToString(String.join("\n\n", texts));
    assertThat(joined.json().toString()).contains(first.json()).contains(second.json());
  }

  @Provide
  Arbitrary<byte[]> bytes() {
    Arbitrary<Byte> telling =
        Arbitraries.of('"', '\\', 'u', 'n', 'x', 'd', 'D', '8', '0', ' ', '\n')
            .map(c -> (byte) (int) c);
    return Arbitraries.frequencyOf(Tuple.of(3, telling), Tuple.of(2, Arbitraries.bytes()))
        .array(byte[].class)
        .ofMinSize(1)
        .ofMaxSize(24);
  }

  @Property(tries = 20_000)
  void takesNothingThatAStrictReaderRefuses(@ForAll("bytes") byte[] bytes) throws IOException {
    byte[] buffer = new byte[bytes.length + 2];
    buffer[0] = '"';
    System.arraycopy(bytes, 0, buffer, 1, bytes.length);
    buffer[buffer.length - 1] = '"';
    JsonText read = JsonText.in(buffer, 0);
    if (read == null) {
      return;
    }
    RawJson json = read.json();
    String strict =
        StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(json.buffer(), json.offset(), json.length()))
            .toString();
    try (JsonParser p = Json.factory().createParser(strict)) {
      p.nextToken();
      assertThat(read).hasToString(p.getText());
      assertThat(Surrogates.repair(p.getText())).isEqualTo(p.getText());
    }
    assertThat(read.length()).isEqualTo(read.toString().length());
  }

  /** The bytes are in hexadecimal; the test puts them between quotes. */
  @ParameterizedTest
  @CsvSource({
    "C0A2, an overlong quotation mark",
    "E080A2, an overlong quotation mark",
    "F08080A2, an overlong quotation mark",
    "EDA080, half a pair",
    "F4908080, more than Unicode has",
    "F5808080, a byte that UTF-8 never has",
    "80, the end of a character",
    "E697, the beginning of a character",
    "0A, a line feed",
    "1F, a control character",
    "5C7564383364, an escape of half a pair",
    "5C78, an escape that JSON does not have",
    "5C753030, an escape that is cut off",
    "5C753030676F, an escape with other digits"
  })
  void leavesToTheParser(String hex, String what) {
    byte[] inside = HexFormat.of().parseHex(hex);
    byte[] buffer = new byte[inside.length + 12];
    Arrays.fill(buffer, (byte) 'x');
    buffer[0] = '"';
    System.arraycopy(inside, 0, buffer, 2, inside.length);
    buffer[inside.length + 10] = '"';

    assertThat(JsonText.in(buffer, 0)).as(what).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"", "\"abc", "\"abcdefghi", "\"\\", "\"abc\\\"", "\"\\u00", "x\"", ""})
  void leavesToTheParserWhatHasNoEnd(String json) {
    assertThat(in(json, 0)).isNull();
  }

  /** Halves that were counted before, and therefore written as JSON, make a pair too. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void makesAPairOfTwoHalves(boolean written) {
    List<JsonText> halves = List.of(JsonText.of("a\uD83D"), JsonText.of("\uDE00b"));
    if (written) {
      halves.forEach(JsonText::json);
    }
    JsonText joined = JsonText.join("", halves);
    assertThat(joined).hasToString("a😀b");
    assertThat(joined.json()).hasToString("\"a😀b\"");
  }

  @Test
  void writesHalfAPairAsReplaced() {
    assertThat(JsonText.of("a\uD83D").json()).hasToString("\"a\uFFFD\"");
  }

  @Test
  void joinsNothingToNothing() {
    assertThat(JsonText.join("\n", List.of())).hasToString("");
    JsonText one = JsonText.of("one");
    assertThat(JsonText.join("\n", List.of(one))).isSameAs(one);
    assertThat(one.after("the ")).hasToString("the one");
  }
}
