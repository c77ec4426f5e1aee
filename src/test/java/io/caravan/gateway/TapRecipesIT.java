package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.Warnings;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recipes of docs/extend.md for taps, as they stand there. */
class TapRecipesIT {
  private static final String MESSAGE =
      "{\"model\":\"%s\",\"max_tokens\":99,\"stream\":%s,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static final String PASSED =
      """
      {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[%s],
       "stop_reason":%s,"stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":%d}}"""
          .replace("\n", "");

  @TempDir static Path directory;
  private static ScriptedUpstream upstream;
  private static Gateway gateway;
  private Warnings warnings;

  @BeforeAll
  static void start() throws Exception {
    String[] recipes = recipes();
    OneRun.copyApplication(directory);
    Path routes = directory.resolve("routes");
    insert(routes.resolve("messages.camel.yaml"), "read-request-action\n", recipes[0]);
    insert(
        routes.resolve("messages.camel.yaml"),
        // The end of the route: the message may have taken one more call.
        "uri: direct:server-tools\n",
        recipes[1]);
    Files.writeString(
        routes.resolve("taps.camel.yaml"),
        recipes[2].replace("file:tapped", "file:" + directory.resolve("tapped")));
    upstream = ScriptedUpstream.start();
    edit(
        routes.resolve("providers/anthropic.camel.yaml"),
        "{{env:ANTHROPIC_UPSTREAM_URL:http://127.0.0.1:8000/v1}}",
        upstream.url());
    gateway =
        Gateway.in(
            directory,
            upstream,
            "caravan.gather-streams",
            "true",
            "caravan.max-answer-size",
            "4000");
  }

  private static String[] recipes() throws Exception {
    String document = Files.readString(Path.of("docs/extend.md"));
    String section = document.substring(document.indexOf("## Tap every exchange") + 3);
    String[] parts = section.substring(0, section.indexOf("\n## ")).split("```(yaml)?\n", -1);
    assertThat(parts).hasSize(7);
    return new String[] {parts[1], parts[3], parts[5]};
  }

  private static void edit(Path file, String from, String to) throws Exception {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  private static void insert(Path file, String behind, String steps) throws Exception {
    edit(file, behind, behind + steps.indent(8));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void listen() {
    upstream.forget();
    warnings = Warnings.listen();
  }

  @AfterEach
  void nothingIsWrong() {
    warnings.close();
    assertThat(warnings.lines()).isEmpty();
  }

  private static void awaitTapped(HttpResponse<String> answer, String json, String line) {
    String id = answer.headers().firstValue("request-id").orElseThrow();
    Path tapped = directory.resolve("tapped");
    await()
        .untilAsserted(
            () -> {
              assertThat(tapped.resolve(id + ".json")).hasContent(json);
              assertThat(tapped.resolve("answers.txt")).content().contains(id + " " + line + "\n");
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTranslatedAnswerIsTapped(boolean stream) throws Exception {
    upstream.enqueue(Script.says("Hello there"));
    String request = MESSAGE.formatted("claude-sonnet", stream);

    HttpResponse<String> answer = gateway.post("/v1/messages", request);

    awaitTapped(answer, request, "nim/test/model 10+5 Hello there");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerThatIsPassedThroughIsTapped(boolean stream) throws Exception {
    String text = "{\"type\":\"text\",\"text\":\"%s\"}";
    String whole = PASSED.formatted(text.formatted("Hello there"), "\"end_turn\"", 5);
    upstream.answerElse(
        asked ->
            stream
                ? Script.stream(
                    event("message_start", "\"message\":" + PASSED.formatted("", "null", 1)),
                    event(
                        "content_block_start",
                        "\"index\":0,\"content_block\":" + text.formatted("")),
                    delta("Hello "),
                    delta("there"),
                    event("content_block_stop", "\"index\":0"),
                    event(
                        "message_delta",
                        "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":5}"),
                    event("message_stop", "\"x\":0"))
                : Script.json(200, whole));
    String request = MESSAGE.formatted("anthropic/its-model", stream);

    HttpResponse<String> answer = gateway.post("/v1/messages", request);

    awaitTapped(answer, request, "anthropic/its-model 10+5 Hello there");
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
  }

  private static String delta(String text) {
    return event(
        "content_block_delta",
        "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
  }

  /** It reaches the client whole, and the tap not at all. */
  @Test
  void aStreamThatIsTooLongIsNotGathered() throws Exception {
    String request = MESSAGE.formatted("claude-sonnet", true);
    upstream.enqueue(
        Script.stream(
            Chunks.role(), Chunks.text("x".repeat(5000)), Chunks.finish("stop") + Chunks.DONE),
        Script.says("the next"));

    HttpResponse<String> answer = gateway.post("/v1/messages", request);
    HttpResponse<String> next = gateway.post("/v1/messages", request);

    assertThat(answer.body()).contains("x".repeat(5000)).contains("message_stop");
    awaitTapped(next, request, "nim/test/model 10+5 the next");
    assertThat(Files.readString(directory.resolve("tapped/answers.txt"))).doesNotContain("xxx");
  }
}
