package io.caravan.translate.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Json;
import io.caravan.json.RawJson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsRepairTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\": 1,}|{\"a\": 1}",
        "{\"a\": [1, 2, ], }|{\"a\": [1, 2 ] }",
        "{'a': True, 'b': None, 'c': [False]}|{\"a\": true, \"b\": null, \"c\": [false]}",
        "{'a': 'say \"hi\"'}|{\"a\": \"say \\\"hi\\\"\"}",
        "{'a': 'it\\'s'}|{\"a\": \"it's\"}",
        "{'a': '\\d+\\n'}|{\"a\": \"\\\\d+\\n\"}",
        "{'a': '\\x41'}|{\"a\": \"\\u0041\"}",
        "{\"a\": \"it's\"}|{\"a\": \"it's\"}",
        "```json {\"a\": 1} ```|{\"a\": 1}",
        "```{\"a\": {\"b\": \"c\"}```|{\"a\": {\"b\": \"c\"}}",
        "{\"a\": \"x\"|{\"a\": \"x\"}",
        "{\"a\": {\"b\": 1}|{\"a\": {\"b\": 1}}",
        "{\"a\": [1]|{\"a\": [1]}",
        "{'a': true|{\"a\": true}",
        "{}|{}"
      })
  void repairsAFaultThatCanMeanOnlyOneThing(String arguments, String repaired) {
    String result = ArgumentsRepair.of(arguments);

    assertThat(result).isEqualTo(repaired);
    assertThat(Json.isObject(RawJson.of(result))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\": \"x",
        "{\"a\": 12",
        "{\"a\": -",
        "{\"a\": tru",
        "{\"a\": \"x\",",
        "{\"a\": [\"x\"",
        "{\"a\": {\"b\": \"c\"",
        "{\"a\": \"echo \"x\"\"}",
        "{'a': 'it's'}",
        "{a: 1}",
        "{\"a\": b}",
        "{\"a\": 01}",
        "{\"a\": NaN}",
        "{,}",
        "{\"a\": 1,,}",
        "{\"a\": [,]}",
        "{\"a\": 1 \"b\": 2}",
        "{\"a\": 1}}",
        "{\"a\": 1} and more",
        "[1]",
        "\"{}\"",
        "{'a': '\\N{DASH}'}",
        "{'a': '\\101'}",
        "{'a': 'x' 'y'}",
        "{'a': (1, 2)}",
        "{1: 2}"
      })
  void leavesAnyOtherFault(String arguments) {
    assertThat(ArgumentsRepair.of(arguments)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {250, 100_000})
  void endsAtDeepNesting(int depth) {
    assertThat(ArgumentsRepair.of("{\"a\":" + "[".repeat(depth))).isNull();
  }
}
