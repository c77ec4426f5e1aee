package io.caravan.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWriterTest {
  @Test
  void writesFieldsInTheirOrderWithoutSpace() {
    JsonWriter json = new JsonWriter(8);
    json.beginObject().field("b", "x").field("a", 1).field("c", true).beginArray("d");
    json.value("y").nullValue().endArray().field("e", 0.5).endObject();
    assertThat(json.finish())
        .hasToString("{\"b\":\"x\",\"a\":1,\"c\":true,\"d\":[\"y\",null],\"e\":0.5}");
  }

  @Test
  void copiesRawValuesAmongOthers() {
    JsonWriter json = new JsonWriter(8);
    json.beginObject().field("a", RawJson.of("{ \"x\": 1 }")).beginArray("b");
    json.raw(RawJson.of("1")).raw(RawJson.of("[2]")).value("3").endArray().field("c", 4);
    json.endObject();
    assertThat(json.finish()).hasToString("{\"a\":{ \"x\": 1 },\"b\":[1,[2],\"3\"],\"c\":4}");
  }

  @Test
  void copiesOnlyTheSliceOfARawValue() {
    byte[] buffer = "xx{\"ü\":1}yy".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    JsonWriter json = new JsonWriter(8);
    json.raw(new RawJson(buffer, 2, buffer.length - 4));
    assertThat(json.finish()).hasToString("{\"ü\":1}");
  }

  @Test
  void quotesJsonAsAString() {
    JsonWriter json = new JsonWriter(8);
    json.quoted(RawJson.of("{\"a\":\"ü\\n\",\n\"b\":1}"));
    assertThat(json.finish()).hasToString("\"{\\\"a\\\":\\\"ü\\\\n\\\",\\n\\\"b\\\":1}\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D", "\uDE00", "\uD83D\uD83D", "\uDE00\uD83D"})
  void replacesHalvesOfSurrogatePairs(String broken) {
    JsonWriter json = new JsonWriter(8);
    json.value("a" + broken + "b😀");
    String replaced = "\uFFFD".repeat(broken.length());
    assertThat(json.finish()).hasToString("\"a" + replaced + "b😀\"");
  }

  @Test
  void refusesANumberThatJsonHasNoFormFor() {
    JsonWriter json = new JsonWriter(8).beginObject();
    assertThatThrownBy(() -> json.field("a", Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a is not finite");
  }

  @Test
  void countsTheBytesSoFar() {
    JsonWriter json = new JsonWriter(8);
    json.beginArray().value("ü");
    assertThat(json.size()).isEqualTo(5);
    json.raw(RawJson.of("12"));
    assertThat(json.size()).isEqualTo(8);
  }

  @Test
  void writesTreesWithTheDigitsTheyHad() {
    String text = "{\"b\":[1.0,1e400,-0,null,true,\"x\"],\"a\":{}}";
    JsonWriter json = new JsonWriter(8);
    json.tree(JsonTree.read(RawJson.of(text)));
    assertThat(json.finish()).hasToString(text);
  }
}
