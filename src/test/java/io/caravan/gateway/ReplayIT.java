package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.CaravanTestAccess;
import io.caravan.replay.Replay;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code caravan.jar replay} on exchanges that the gateway has recorded. */
class ReplayIT {
  private static final String TOOLS =
      "\"tools\":[{\"name\":\"Bash\",\"input_schema\":{\"type\":\"object\","
          + "\"properties\":{\"command\":{\"type\":\"string\"}}}}],";
  private static final String CALL_AS_TEXT =
      "<tool_call>\n{\"name\": \"Bash\", \"arguments\": {\"command\": \"ls\"}}\n</tool_call>";

  private static final String CHAIN = "nim/z-ai/glm-5.3, nim/moonshotai/kimi-k2.6";

  @TempDir static Path temporary;
  private static Path recordings;
  private static Path unchanged;
  private static String textCall;

  @BeforeAll
  static void record() throws Exception {
    recordings = temporary.resolve("recordings");
    unchanged = Files.createDirectory(temporary.resolve("unchanged"));
    copyTo(unchanged);
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway =
            Gateway.before(
                upstream,
                "caravan.record.enabled",
                "true",
                "caravan.record.directory",
                recordings.toString(),
                // A model whose limit shows would be waited for, after the other has failed.
                "caravan.limits.learned-wait",
                "0",
                "caravan.model.default",
                CHAIN)) {
      upstream.enqueue(Script.says("a call and é"));
      ask(gateway, true, "");
      upstream.enqueue(
          Script.stream(
              Chunks.role(),
              Chunks.toolCall(0, "call_1", "Bash", "{\"command\":\"ls\"}"),
              Chunks.finish("tool_calls"),
              Chunks.DONE));
      ask(gateway, true, TOOLS);
      upstream.enqueue(
          Script.json(503, "{\"error\":{\"message\":\"busy\"}}"), Script.says("whole"));
      ask(gateway, false, "");
      upstream.enqueue(Script.json(429, "{}", "Retry-After: 60"), Script.says("of the second"));
      ask(gateway, true, "");
      upstream.enqueue(Script.says("of the second again"));
      // The refusal has asked for a pause, and may have shown a limit too.
      assertThat(ask(gateway, true, "").headers().firstValue("caravan-tried").orElseThrow())
          .matches("nim/z-ai/glm-5\\.3 (cooling|limited)");
      upstream.enqueue(
          Script.stream(Chunks.role(), Chunks.text(CALL_AS_TEXT), Chunks.finish("stop")).close());
      textCall = id(ask(gateway, true, TOOLS));
      upstream.enqueue(Script.json(404, "{\"error\":{\"message\":\"no such model\"}}"));
      assertThat(ask(gateway, true, "").statusCode()).isEqualTo(404);
      await().until(() -> files().size() == 7);
    }
  }

  private static void copyTo(Path application) throws Exception {
    OneRun.copyApplication(application);
    Files.writeString(
        application.resolve("application.properties"),
        "\ncaravan.model.default = " + CHAIN + "\n",
        StandardOpenOption.APPEND);
  }

  private static List<Path> files() throws Exception {
    if (!Files.exists(recordings)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(recordings)) {
      return files.filter(file -> file.toString().endsWith(".case")).toList();
    }
  }

  private static HttpResponse<String> ask(Gateway gateway, boolean stream, String tools)
      throws Exception {
    String request =
        "{\"model\":\"claude-sonnet\",\"max_tokens\":900,"
            + tools
            + "\"thinking\":{\"type\":\"adaptive\"},\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Où est it?\"}]}";
    return gateway.post("/v1/messages", request, "x-claude-code-session-id", "one");
  }

  private static String id(HttpResponse<String> answer) {
    return answer.headers().firstValue("request-id").orElseThrow();
  }

  private record Result(int exit, String out) {}

  private static Result replay(Path application, Path cases) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int exit =
        new Replay(
                () -> {
                  Main main = new Main();
                  CaravanTestAccess.configure(main, application);
                  return main;
                },
                Throwable::toString,
                new PrintStream(out, true, StandardCharsets.UTF_8))
            .run(cases);
    return new Result(exit, out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void nothingIsDifferentWhereNothingHasChanged() {
    Result result = replay(unchanged, recordings);

    assertThat(result.out()).contains("7 recordings: 7 the same, 0 different, 0 not replayed");
    assertThat(result.exit()).isZero();
  }

  /** The estimate of its tokens came from requests that are not replayed. */
  @Test
  void oneAloneIsTheSameToo() {
    Result result = replay(unchanged, recordings.resolve(textCall + ".case"));

    assertThat(result.out()).contains("1 recordings: 1 the same");
  }

  @Test
  void aChangedRouteIsShown(@TempDir Path application) throws Exception {
    copyTo(application);
    Path stream = application.resolve("routes/stream-openai.camel.yaml");
    String step =
        """
                      - process:
                          id: recover-tool-calls
                          ref: recoverToolCalls
        """;
    String text = Files.readString(stream);
    assertThat(text).contains(step);
    Files.writeString(stream, text.replace(step, ""));
    Path nim = application.resolve("routes/providers/nim.camel.yaml");
    String provider = Files.readString(nim);
    assertThat(provider).contains("parallelField: \"false\"");
    Files.writeString(
        nim,
        provider.replace(
            "parallelField: \"false\"",
            "parallelField: \"false\"\n        extraBody: '{\"seed\":7}'"));

    Result result = replay(application, recordings);

    assertThat(result.out())
        .contains(textCall + ".case: different", "+++ the response to the client, now")
        .containsPattern("-.*tool_use")
        .containsPattern("\\+.*<tool_call>")
        .contains("+++ the request of call 2, now", "+  \"seed\" : 7")
        .contains("7 recordings: 0 the same, 7 different");
    assertThat(result.exit()).isEqualTo(1);
  }

  @Test
  void whatIsNoRecordingIsNamed(@TempDir Path cases) throws Exception {
    Files.writeString(cases.resolve("a.case"), "not a case");
    Files.copy(
        Path.of("src/test/resources/corpus/stream/content-parts.case"), cases.resolve("b.case"));

    Result result = replay(unchanged, cases);

    assertThat(result.out()).contains("a.case: not replayed", "b.case: not replayed");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(replay(unchanged, cases.resolve("none")).exit()).isEqualTo(2);
  }
}
