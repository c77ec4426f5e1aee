package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests tool calls whose arguments are no JSON at the natural end of a message. */
class MalformedArgumentsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UNQUOTED = "{\"command\": \"echo \"x\"\"}";
  private static final String PYTHON_LIKE = "{command: echo}";
  private static final String BODY =
      "{\"model\":\"nim/a/b\",\"max_tokens\":100,%s\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
          + "\"tools\":[{\"name\":\"Bash\",\"description\":\"Runs\",\"input_schema\":{\"type\":\"object\"}}]}";
  private static final String STREAM = BODY.formatted("\"stream\":true,");
  private static final String WHOLE = BODY.formatted("");

  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway = Gateway.before(upstream);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.forget();
  }

  private static Script calls(String arguments) {
    return Script.stream(
        Chunks.role(),
        Chunks.toolStart(0, "call_1", "Bash"),
        Chunks.toolArguments(0, arguments),
        Chunks.finish("tool_calls"),
        Chunks.usage(10, 5),
        Chunks.DONE);
  }

  private static String input(HttpResponse<String> whole) throws Exception {
    JsonNode message = JSON.readTree(whole.body());
    assertThat(message.at("/stop_reason").asText()).isEqualTo("tool_use");
    assertThat(message.at("/content")).hasSize(1);
    return message.at("/content/0/input").toString();
  }

  private static String partialJson(String events) throws Exception {
    StringBuilder all = new StringBuilder();
    for (String line : events.split("\n", -1)) {
      if (line.startsWith("data: ")) {
        all.append(JSON.readTree(line.substring(6)).at("/delta/partial_json").asText());
      }
    }
    return all.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {UNQUOTED, "{\"command\": \"echo x\",}", "{'command': 'x'}", "no JSON"})
  void passesTheTextOnToClaudeCodeWhichMendsIt(String arguments) throws Exception {
    upstream.enqueue(calls(arguments));

    HttpResponse<String> answer =
        gateway.post(
            "/v1/messages", STREAM, "user-agent", "claude-cli/2.1.332 (external, sdk-cli)");

    assertThat(partialJson(answer.body())).isEqualTo(arguments);
    assertThat(answer.body())
        .contains("\"stop_reason\":\"tool_use\"", "event: content_block_stop", "message_stop")
        .doesNotContain("event: error");
    assertThat(upstream.completions()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"command\": \"echo x\",}",
        "{'command': 'echo x'}",
        "```json\n{\"command\": \"echo x\"}\n```",
        "{\"command\": \"echo x\""
      })
  void repairsHarmlessFaultsForOtherClients(String arguments) throws Exception {
    upstream.enqueue(calls(arguments), calls(arguments));

    assertThat(input(gateway.post("/v1/messages", WHOLE))).isEqualTo("{\"command\":\"echo x\"}");
    assertThat(JSON.readTree(partialJson(gateway.post("/v1/messages", STREAM).body())))
        .isEqualTo(JSON.readTree("{\"command\":\"echo x\"}"));
    assertThat(upstream.completions()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {UNQUOTED, PYTHON_LIKE, "{\"command\": \"rm -rf /tmp/x", "{\"n\": 12"})
  void callsOnceMoreForAClientThatGetsTheMessageAsAWhole(String arguments) throws Exception {
    upstream.enqueue(calls(arguments), calls("{\"command\":\"echo x\"}"));

    assertThat(input(gateway.post("/v1/messages", WHOLE))).isEqualTo("{\"command\":\"echo x\"}");
    assertThat(upstream.completions()).hasSize(2);
    gateway.awaitNothingOpen();
  }

  @Test
  void callsOnceMoreForAStreamOfWhichNoBlockHasGoneOut() throws Exception {
    upstream.enqueue(calls(PYTHON_LIKE), calls("{\"command\":\"echo x\"}"));

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM);

    assertThat(partialJson(answer.body())).isEqualTo("{\"command\":\"echo x\"}");
    assertThat(answer.body()).containsOnlyOnce("event: message_start");
    assertThat(answer.body()).containsOnlyOnce("event: message_stop").doesNotContain("error");
  }

  @Test
  void failsIfTheCallHasBegunToGoOut() throws Exception {
    upstream.enqueue(calls(UNQUOTED));

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM);

    assertThat(answer.body())
        .contains("event: error", "not a JSON object")
        .doesNotContain("content_block_stop", "message_stop");
    assertThat(upstream.completions()).hasSize(1);
  }

  @Test
  void failsAfterTheSecondCall() throws Exception {
    upstream.enqueue(calls(PYTHON_LIKE), calls(PYTHON_LIKE));
    upstream.enqueue(calls(PYTHON_LIKE), calls(PYTHON_LIKE));

    assertThat(gateway.post("/v1/messages", WHOLE).body()).contains("not a JSON object");
    assertThat(gateway.post("/v1/messages", STREAM).body())
        .contains("event: error", "not a JSON object")
        .doesNotContain("message_stop");
    assertThat(upstream.completions()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude-cli/2.1.332 (external, cli)", "curl/8"})
  void closesNoCallThatWasCutOff(String client) throws Exception {
    upstream.enqueue(
        Script.stream(
            Chunks.role(),
            Chunks.toolStart(0, "call_1", "Bash"),
            Chunks.toolArguments(0, "{'command': 'rm -rf /tmp"),
            Chunks.finish("length"),
            Chunks.DONE));

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM, "user-agent", client);

    assertThat(answer.body())
        .contains("\"stop_reason\":\"max_tokens\"")
        .doesNotContain("tool_use\",\"id", "rm -rf");
  }
}
