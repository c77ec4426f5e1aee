package io.caravan.translate.request.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentRenamerTest {
  private static final String SCHEMA =
      """
      {"type":"object","properties":{
        "type":{"type":"string"},
        "o":{"type":"object","properties":{"type":{"enum":["type_"]},"x":{}}},
        "list":{"type":"array","items":{"$ref":"#/$defs/Node"}},
        "either":{"anyOf":[{"type":"null"},{"type":"object","properties":{"type":{}}}]},
        "map":{"type":"object","additionalProperties":{"type":"object","required":["type"]}},
        "free":{"type":"object"}},
       "$defs":{"Node":{"type":"object","properties":{"type":{},"next":{"$ref":"#/$defs/Node"}}}}}""";

  private static final ParameterNames NAMES =
      ParameterNames.of(JsonTree.read(RawJson.of(SCHEMA)), List.of("type"));

  private static String toClient(String arguments) {
    ArgumentRenamer renamer = NAMES.toClient();
    return renamer.accept(arguments) + renamer.end();
  }

  private static String toUpstream(String arguments) {
    ArgumentRenamer renamer = NAMES.toUpstream();
    return renamer.accept(arguments) + renamer.end();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":1}|{\"type_\":1}",
        "{ \"type\" : \"type\" }|{ \"type_\" : \"type\" }",
        "{\"o\":{\"x\":{\"type\":1},\"type\":2}}|{\"o\":{\"x\":{\"type\":1},\"type_\":2}}",
        "{\"list\":[{\"type\":1,\"next\":{\"type\":2}},[],{\"type\":3}]}"
            + "|{\"list\":[{\"type_\":1,\"next\":{\"type_\":2}},[],{\"type_\":3}]}",
        "{\"either\":{\"type\":1},\"free\":{\"type\":2,\"o\":{\"type\":3}}}"
            + "|{\"either\":{\"type_\":1},\"free\":{\"type\":2,\"o\":{\"type\":3}}}",
        "{\"map\":{\"a\":{\"type\":1},\"type\":{\"type\":2}}}"
            + "|{\"map\":{\"a\":{\"type_\":1},\"type\":{\"type_\":2}}}",
        "{\"s\":\"{\\\"type\\\":1}\",\"unknown\":[{\"type\":1}],\"n\":-1.5e3}"
            + "|{\"s\":\"{\\\"type\\\":1}\",\"unknown\":[{\"type\":1}],\"n\":-1.5e3}",
        "{}|{}",
      })
  void renamesByPlaceInBothDirections(String client, String upstream) {
    assertThat(toUpstream(client)).isEqualTo(upstream);
    assertThat(toClient(upstream)).isEqualTo(client);
  }

  @Test
  void readsEscapesInNames() {
    assertThat(toClient("{\"\\u0074ype_\":1}")).isEqualTo("{\"type\":1}");
  }

  @Test
  void keepsANameThatTheModelKnowsFromElsewhere() {
    assertThat(toClient("{\"type\":1}")).isEqualTo("{\"type\":1}");
  }

  @Test
  void givesBackANameThatWasCutOff() {
    assertThat(toClient("{\"type_\":\"a\",\"ty")).isEqualTo("{\"type\":\"a\",\"ty");
    assertThat(toClient("{\"type_\":\"a\\")).isEqualTo("{\"type\":\"a\\");
  }

  @Property(tries = 500)
  void givesTheSameHoweverItIsCut(
      @ForAll @Size(max = 40) List<@IntRange(min = 1, max = 7) Integer> sizes) {
    String arguments =
        "{\"type_\":\"a\\\"type_\\\":\",\"list\":[{\"type_\":{\"type_\":1},\"next\":{\"type_\":null}}],"
            + "\"free\":{\"type_\":[true]},\"o\":{\"type_\":\"type_\",\"x\":\"\\\\\"}}";
    ArgumentRenamer renamer = NAMES.toClient();
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (int size : sizes) {
      int end = Math.min(arguments.length(), at + size);
      out.append(renamer.accept(arguments.substring(at, end)));
      at = end;
    }
    out.append(renamer.accept(arguments.substring(at))).append(renamer.end());

    assertThat(out.toString()).isEqualTo(toClient(arguments));
  }

  @Test
  void theAliasIsNoOtherParametersName() {
    Object schema =
        JsonTree.read(
            RawJson.of(
                "{\"properties\":{\"type\":{},\"o\":{\"properties\":{\"type_\":{}}}},"
                    + "\"required\":[\"type\"]}"));
    ParameterNames names = ParameterNames.of(schema, List.of("type"));

    assertThat(names.renamed(schema).toString())
        .isEqualTo("{properties={type__={}, o={properties={type_={}}}}, required=[type__]}");
  }

  @Test
  void aToolWithoutSuchAParameterHasNoAliases() {
    Object schema = JsonTree.read(RawJson.of("{\"type\":\"object\",\"properties\":{\"a\":{}}}"));
    assertThat(ParameterNames.of(schema, List.of("type"))).isNull();
    assertThat(ParameterNames.of(schema, List.of())).isNull();
  }

  /** Deep and wide arguments cost what they are long. */
  @Test
  void endsForALongInputThatNearlyMatchesEverywhere() {
    StringBuilder arguments = new StringBuilder("{\"list\":[");
    for (int i = 0; i < 100_000; i++) {
      arguments.append(i == 0 ? "" : ",").append("{\"type_\":\"x\"}");
    }
    arguments.append("]}");
    assertThat(toClient(arguments.toString())).doesNotContain("type_");
  }
}
