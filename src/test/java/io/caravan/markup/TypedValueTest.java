package io.caravan.markup;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.RawJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypedValueTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        // A string stays one, whatever it looks like.
        "{\"type\":\"string\"}|42|\"42\"",
        "{\"type\":\"string\"}|null|\"null\"",
        "{\"type\":\"string\"}|' a '|\" a \"",
        "{\"enum\":[\"1\",\"2\"]}|1|\"1\"",
        // Other types are read.
        "{\"type\":\"integer\"}|' 42 '|42",
        "{\"type\":\"number\"}|-1.5e3|-1.5e3",
        "{\"type\":\"boolean\"}|True|true",
        "{\"type\":[\"integer\",\"null\"]}|None|null",
        "{\"type\":[\"string\",\"null\"]}|null|null",
        "{\"type\":\"array\"}|[1, 2]|[1, 2]",
        "{\"items\":{}}|[]|[]",
        "{\"type\":\"array\"}|''|[]",
        "{\"properties\":{}}|{\"a\":1}|{\"a\":1}",
        "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]}|7|7",
        "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]}|seven|\"seven\"",
        "{\"const\":5}|5|5",
        // The client's own validation reports a value that fits no type to the model.
        "{\"type\":\"integer\"}|many|\"many\"",
        "{\"type\":\"integer\"}|+5|\"+5\"",
        "{\"type\":\"object\"}|{a: 1}|\"{a: 1}\"",
        "{\"type\":\"boolean\"}|1|1",
        // Without a type a value is JSON if it can be read as such.
        "{}|5|5",
        "{}|{\"a\":[true]}|{\"a\":[true]}",
        "{}|\"quoted\"|\"\\\"quoted\\\"\"",
        "{}|''|\"\"",
        "{}|plain text|\"plain text\"",
      })
  void readsByTheSchema(String schema, String text, String json) {
    assertThat(TypedValue.json(text, ToolSchema.read(RawJson.of(schema)))).isEqualTo(json);
  }

  @Test
  void findsPropertiesThroughReferencesAndAlternatives() {
    ToolSchema schema =
        ToolSchema.read(
            RawJson.of(
                """
                {"$ref":"#/$defs/Input","$defs":{
                  "Input":{"allOf":[{"properties":{"self":{"$ref":"#/$defs/Input"},
                    "list":{"items":{"type":"integer"}}}}],"additionalProperties":{"type":"number"}}}}"""));

    assertThat(schema.property("self").property("list").items().types()).containsExactly("integer");
    assertThat(schema.property("else").types()).containsExactly("number");
  }

  @Test
  void saysNothingOfWhatIsNoSchema() {
    for (String text : new String[] {"[]", "true", "{\"properties\":[]}", "nonsense"}) {
      ToolSchema schema = ToolSchema.read(RawJson.of(text));
      assertThat(schema.property("a").types()).isEmpty();
    }
    assertThat(ToolSchema.read(null).types()).isEmpty();
  }
}
