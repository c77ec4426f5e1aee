package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that refuse a part of JSON Schema get less of it, and the client is none the wiser. */
class RefusedSchemasIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Tools in the form of Claude Code's. */
  private static final String TOOLS =
      """
      [{"name":"Grep","description":"Searches","input_schema":{"type":"object","properties":{
        "pattern":{"type":"string"},"type":{"type":"string","description":"File type"},
        "options":{"type":"object","properties":{"type":{"type":"string"}},"required":["type"]},
        "free":{"type":"object"}},"required":["pattern","type"],"additionalProperties":false}},
       {"name":"Artifact","description":"Saves","input_schema":{"type":"object","properties":{
        "field":{"type":"string","pattern":"^[^\\\\p{Cc}]+$"},"url":{"type":"string","format":"uri"},
        "any":true},"additionalProperties":false}}]""";

  @TempDir private static Path directory;
  private static ScriptedUpstream upstream;
  private static Gateway gateway;
  private static int models;

  @BeforeAll
  static void start() throws Exception {
    OneRun.copyApplication(directory);
    upstream = ScriptedUpstream.start();
    Files.writeString(
        directory.resolve("routes/providers/plain.camel.yaml"),
        """
        - beans:
            - name: plain
              type: io.caravan.provider.Provider
              properties:
                name: "plain"
                baseUrl: "%s"
        """
            .formatted(upstream.url()));
    gateway =
        Gateway.in(
            directory,
            Map.of(
                "caravan.nim.base-url",
                upstream.url(),
                "camel.component.kamelet.location",
                "file:" + directory.resolve("routes/kamelets")));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  /** Each test has models of its own, about which nothing has been learned. */
  @BeforeEach
  void forget() {
    upstream.answer(request -> Script.says("fine"));
    upstream.forget();
    models++;
  }

  private HttpResponse<String> ask(String model, String tools, String more) throws Exception {
    return gateway.post(
        "/v1/messages",
        "{\"model\":\""
            + model
            + models
            + "\",\"max_tokens\":100,"
            + more
            + "\"tools\":"
            + tools
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
  }

  private static String lossy(HttpResponse<String> answer) {
    return answer.headers().firstValue("caravan-lossy").orElse("");
  }

  private JsonNode parameters(int call, int tool) throws Exception {
    String body = upstream.completions().get(call).text();
    return JSON.readTree(body).at("/tools/" + tool + "/function/parameters");
  }

  @Test
  void hostedNimGetsNoBooleanSchemaAndNoParameterNamedType() throws Exception {
    upstream.enqueue(
        Script.stream(
            Chunks.role(),
            Chunks.toolStart(0, "call_1", "Grep"),
            Chunks.toolArguments(0, "{\"pattern\":\"x\",\"ty"),
            Chunks.toolArguments(
                0, "pe_\":\"rust\",\"options\":{\"type_\":\"a\"},\"free\":{\"type_\":1}}"),
            Chunks.finish("tool_calls"),
            Chunks.DONE));

    HttpResponse<String> answer = ask("nim/some/model", TOOLS, "");

    JsonNode grep = parameters(0, 0);
    assertThat(grep.has("additionalProperties")).isFalse();
    assertThat(grep.at("/properties").fieldNames())
        .toIterable()
        .containsExactly("pattern", "type_", "options", "free");
    assertThat(grep.at("/required").toString()).isEqualTo("[\"pattern\",\"type_\"]");
    assertThat(grep.at("/properties/free").toString()).isEqualTo("{\"type\":\"object\"}");
    assertThat(parameters(0, 1).at("/properties/any").toString()).isEqualTo("{}");
    assertThat(parameters(0, 1).toString()).doesNotContain("\\p{");
    JsonNode input = JSON.readTree(answer.body()).at("/content/0/input");
    assertThat(input.toString())
        .isEqualTo(
            "{\"pattern\":\"x\",\"type\":\"rust\",\"options\":{\"type\":\"a\"},\"free\":{\"type_\":1}}");
    assertThat(lossy(answer)).isEqualTo("tool_parameter_renamed=1");
  }

  @Test
  void aCallThatAModelWroteAsTextHasTheClientsNames() throws Exception {
    upstream.enqueue(
        Script.says(
            "<tool_call>{\"name\": \"Grep\", \"arguments\": {\"pattern\": \"x\", \"type_\": \"rust\"}}</tool_call>"));

    HttpResponse<String> answer = ask("nim/some/model", TOOLS, "");

    assertThat(JSON.readTree(answer.body()).at("/content/0/input/type").asText()).isEqualTo("rust");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "400|Invalid schema for function 'Grep': boolean subschemas are not supported",
        "400|tools.function.parameters is not a valid moonshot flavored json schema, details: <At path"
            + " 'properties.any': property schema must be an object>",
        "400|Unable to generate parser for this template. Automatic parser generation failed: JSON"
            + " schema conversion failed: Unrecognized schema: true",
        "500|Internal server error: unhashable type: 'dict'",
        "500|'bool' object has no attribute 'get'",
        "422|body.tools.0.function.parameters.additionalProperties: Input should be a valid dictionary",
        "400|Failed to initialize samplers: failed to parse grammar",
      })
  void aRefusalOfSchemasIsRepeatedWithLessAndRemembered(String refusal) throws Exception {
    String[] parts = refusal.split("\\|", 2);
    upstream.enqueue(
        Script.json(
            Integer.parseInt(parts[0]),
            "{\"error\":{\"message\":" + JSON.writeValueAsString(parts[1]) + ",\"type\":\"x\"}}"),
        Script.says("fine"),
        Script.says("fine"));

    HttpResponse<String> answer = ask("plain/some/model", TOOLS, "");
    HttpResponse<String> later = ask("plain/some/model", TOOLS, "");

    assertThat(answer.body()).contains("fine");
    assertThat(later.body()).contains("fine");
    assertThat(upstream.completions()).hasSize(3);
    assertThat(upstream.completions().get(0).text())
        .contains("\"additionalProperties\":false", "\"any\":true");
    for (ReceivedRequest less : upstream.completions().subList(1, 3)) {
      assertThat(less.text())
          .doesNotContain("\"additionalProperties\":false")
          .doesNotContain("\"any\":true");
    }
    assertThat(lossy(answer)).contains("tool_schema_reduced=").isEqualTo(lossy(later));
  }

  @Test
  void aKeywordThatIsStillRefusedIsLeftOut() throws Exception {
    upstream.answer(
        request ->
            request.text().contains("\"format\"")
                ? Script.json(
                    400, "{\"error\":{\"message\":\"Grammar error: Unknown format: uri\"}}")
                : Script.says("fine"));

    HttpResponse<String> answer = ask("plain/some/model", TOOLS, "");
    ask("plain/some/model", TOOLS, "");

    assertThat(answer.body()).contains("fine");
    assertThat(lossy(answer)).contains("tool_schema=1");
    List<ReceivedRequest> calls = upstream.completions();
    assertThat(calls.get(calls.size() - 2).text()).doesNotContain("\"format\"");
    assertThat(calls.get(calls.size() - 1).text()).doesNotContain("\"format\"");
    assertThat(calls.size()).isLessThanOrEqualTo(4);
  }

  @Test
  void aPatternIsReducedFirstAndLeftOutNext() throws Exception {
    upstream.answer(
        request ->
            request.text().contains("\"pattern\":\"^")
                ? Script.json(
                    400,
                    "{\"error\":{\"message\":\"Invalid schema for function 'Artifact': '^x' is not a"
                        + " 'regex'.\",\"param\":\"tools[1].parameters\",\"code\":\"invalid_function_parameters\"}}")
                : Script.says("fine"));

    HttpResponse<String> answer = ask("plain/some/model", TOOLS, "");

    assertThat(answer.body()).contains("fine");
    assertThat(upstream.completions()).hasSize(3);
    assertThat(upstream.completions().get(1).text()).contains("\"pattern\":\"^[^");
    // The parameter of that name stays.
    assertThat(parameters(2, 0).at("/properties").has("pattern")).isTrue();
    assertThat(lossy(answer)).contains("tool_schema=1");
  }

  @Test
  void aRefusalWithoutASmallerFormIsFinal() throws Exception {
    upstream.answer(
        request ->
            Script.json(400, "{\"error\":{\"message\":\"Invalid schema for function 'a'\"}}"));

    HttpResponse<String> answer =
        ask(
            "plain/some/model",
            "[{\"name\":\"a\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}]",
            "");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(upstream.completions()).hasSize(1);
  }

  @Test
  void aRefusalForMissingPropertiesAddsThem() throws Exception {
    upstream.enqueue(
        Script.json(
            400,
            "{\"error\":{\"message\":\"Invalid schema for function 'a': In context=(), object schema missing"
                + " properties\",\"type\":\"invalid_request_error\"}}"),
        Script.says("fine"));

    HttpResponse<String> answer =
        ask("plain/some/model", "[{\"name\":\"a\",\"input_schema\":{\"type\":\"object\"}}]", "");

    assertThat(answer.body()).contains("fine");
    assertThat(parameters(1, 0).toString()).isEqualTo("{\"type\":\"object\",\"properties\":{}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stop: List should have at most 4 items after validation, not 6",
        "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with"
            + " length 6 instead.",
        "at most 4 stop sequences are allowed",
        "len(stop) > 4 is not supported",
        "Maximum of 4 stop sequences allowed, got 6",
      })
  void aLimitOfStopSequencesIsLearned(String refusal) throws Exception {
    upstream.enqueue(
        Script.json(400, "{\"error\":{\"message\":" + JSON.writeValueAsString(refusal) + "}}"),
        Script.says("one six two"),
        Script.says("one six two"));
    String stops = "\"stop_sequences\":[\"a1\",\"b2\",\"c3\",\"d4\",\"e5\",\"six\"],";

    HttpResponse<String> answer = ask("plain/some/model", "[]", stops);
    ask("plain/some/model", "[]", stops);

    assertThat(upstream.completions()).hasSize(3);
    for (ReceivedRequest later : upstream.completions().subList(1, 3)) {
      assertThat(JSON.readTree(later.text()).get("stop").toString())
          .isEqualTo("[\"a1\",\"b2\",\"c3\",\"d4\"]");
    }
    JsonNode message = JSON.readTree(answer.body());
    assertThat(message.at("/content/0/text").asText()).isEqualTo("one ");
    assertThat(message.at("/stop_reason").asText()).isEqualTo("stop_sequence");
    assertThat(message.at("/stop_sequence").asText()).isEqualTo("six");
    assertThat(lossy(answer)).isEmpty();
  }

  @Test
  void tooManyWithoutANumberLeavesThemToTheGateway() throws Exception {
    upstream.enqueue(
        Script.json(400, "{\"error\":{\"message\":\"too many stop sequences\"}}"),
        Script.says("one two"));

    HttpResponse<String> answer =
        ask("plain/some/model", "[]", "\"stop_sequences\":[\"two\",\"three\"],");

    assertThat(upstream.completions().get(1).text()).doesNotContain("\"stop\"");
    assertThat(JSON.readTree(answer.body()).at("/stop_sequence").asText()).isEqualTo("two");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theCallEndsAtAStopSequence(boolean streams) throws Exception {
    upstream.enqueue(
        Script.stream(Chunks.role(), Chunks.text("yes</bl"), Chunks.text("ock>more"))
            .endlessly(Chunks.text("x"), Duration.ofMillis(5)));

    HttpResponse<String> answer =
        ask(
            "nim/some/model",
            "[]",
            "\"stream\":" + streams + ",\"stop_sequences\":[\"</block>\"],");

    assertThat(answer.body())
        .contains("yes", "\"stop_reason\":\"stop_sequence\"", "\"stop_sequence\":\"</block>\"")
        .doesNotContain("more", "overloaded");
    gateway.awaitNothingOpen();
  }

  @Test
  void aModelWithoutACardIsToldNotToThink() throws Exception {
    upstream.enqueue(
        Script.says("fine"),
        Script.json(
            400,
            "{\"message\":\"Validation: Unsupported parameter(s): reasoning_effort\",\"type\":\"Bad"
                + " Request\",\"code\":400}"),
        Script.says("fine"),
        Script.says("fine"));

    ask("nim/takes/efforts", "[]", "");
    ask("nim/takes/none", "[]", "\"thinking\":{\"type\":\"disabled\"},");
    ask("nim/takes/none", "[]", "");

    List<ReceivedRequest> calls = upstream.completions();
    assertThat(calls).hasSize(4);
    assertThat(calls.get(0).text()).contains("\"reasoning_effort\":\"none\"");
    assertThat(calls.get(1).text()).contains("\"reasoning_effort\":\"none\"");
    assertThat(calls.get(2).text()).doesNotContain("reasoning_effort");
    assertThat(calls.get(3).text()).doesNotContain("reasoning_effort");
  }

  @Test
  void anEffortThatIsRefusedGivesWayToOneThatTheUpstreamNames() throws Exception {
    upstream.enqueue(
        Script.json(
            400,
            "{\"error\":{\"message\":\"reasoning_effort 'none' is not supported for this model;"
                + " supported values: ['low', 'high', 'max']\"}}"),
        Script.says("fine"),
        Script.says("fine"));

    ask("nim/some/model", "[]", "");
    ask(
        "nim/some/model",
        "[]",
        "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"max\"},");

    assertThat(upstream.completions().get(1).text()).contains("\"reasoning_effort\":\"low\"");
    assertThat(upstream.completions().get(2).text()).contains("\"reasoning_effort\":\"max\"");
  }

  @Test
  void aSingleCallIsNoLossWhereItCannotBeAskedFor() throws Exception {
    upstream.enqueue(Script.says("fine"));

    HttpResponse<String> answer =
        ask(
            "nim/some/model",
            "[{\"name\":\"a\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}]",
            "\"tool_choice\":{\"type\":\"auto\",\"disable_parallel_tool_use\":true},");

    assertThat(lossy(answer)).isEmpty();
  }
}
