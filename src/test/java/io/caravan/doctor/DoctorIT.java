package io.caravan.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.CaravanTestAccess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorIT {
  private static final String LIST =
      "{\"data\":[{\"id\":\"z-ai/glm-5.3\",\"max_model_len\":131072},{\"id\":\"z-ai/glm-6\"},{\"id\":\"other/x\"}]}";

  private ScriptedUpstream upstream;
  private String output;

  @BeforeEach
  void start() {
    upstream = ScriptedUpstream.start();
    upstream.answerElse(request -> Script.json(200, LIST));
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  private int examine(boolean json, String... settings) throws Exception {
    Properties properties = new Properties();
    properties.put("caravan.nim.base-url", upstream.url());
    properties.put("caravan.model.default", "nim/z-ai/glm-5.3");
    properties.put("caravan.retry.total", "500");
    properties.put("caravan.port", "0");
    properties.put("caravan.management-port", "0");
    for (int i = 0; i < settings.length; i += 2) {
      properties.put(settings[i], settings[i + 1]);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int exit =
        new Doctor(DoctorIT::configured, Throwable::getMessage)
            .examine(
                properties,
                json,
                new PrintStream(bytes, true, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream()));
    output = bytes.toString(StandardCharsets.UTF_8);
    return exit;
  }

  private static Main configured() throws IOException {
    Main camel = new Main();
    CaravanTestAccess.configure(camel, Path.of(""));
    return camel;
  }

  private static boolean hasTools(ReceivedRequest request) {
    return request.text().contains("read_clock");
  }

  private static Function<ReceivedRequest, Script> with(Script words, Script tool) {
    return request -> hasTools(request) ? tool : words;
  }

  private static final Script TOOL =
      Script.stream(
          Chunks.role(),
          Chunks.toolStart(0, "call_0", "read_clock"),
          Chunks.toolArguments(0, "{\"zone\":\"UTC\"}"),
          Chunks.finish("tool_calls") + Chunks.usage(10, 5) + Chunks.DONE);

  @Test
  void findsNothingWrongWithAModelThatDoesAll() throws Exception {
    upstream.answer(with(Script.says("one two three"), TOOL));

    assertThat(examine(false)).isZero();
    assertThat(output)
        .contains("nim/z-ai/glm-5.3: answers")
        .contains("reports the tokens used")
        .contains("calls tools")
        .contains("CLAUDE_CODE_AUTO_COMPACT_WINDOW=131072")
        .contains("Nothing is wrong.")
        .doesNotContain("in one piece");
  }

  @Test
  void aRefusedFieldThatIsCuredIsNoProblem() throws Exception {
    upstream.answer(
        request ->
            request.text().contains("\"reasoning_effort\"")
                ? Script.json(
                    400,
                    "{\"error\":{\"message\":\"Unsupported parameter: 'reasoning_effort' is not supported with this"
                        + " model.\",\"param\":\"reasoning_effort\",\"code\":\"unsupported_parameter\"}}")
                : with(Script.says("one two three"), TOOL).apply(request));

    assertThat(examine(false, "caravan.model.default", "nim/some/model")).isZero();
    assertThat(output).contains("nim/some/model: answers").contains("calls tools");
  }

  @Test
  void namesTheOtherModelsOfThatNameWhereOneHasReachedItsEndOfLife() throws Exception {
    upstream.answer(
        request ->
            Script.json(
                410,
                "{\"title\":\"Gone\",\"status\":410,\"detail\":\"The model 'z-ai/glm-5.3' has reached its end of life"
                    + " on 2026-11-01 and is no longer available.\"}"));

    assertThat(examine(false)).isEqualTo(1);
    assertThat(output).contains("PROBLEM").contains("end of life").contains("z-ai/glm-6");
    assertThat(output).doesNotContain("other/x");
  }

  @Test
  void saysThatAKeyIsRefused() throws Exception {
    upstream.answer(request -> Script.json(401, "{\"error\":{\"message\":\"bad key\"}}"));

    assertThat(examine(false, "caravan.nim.api-key", "nvapi-wrong")).isEqualTo(1);
    assertThat(output).contains("set NVIDIA_API_KEY to a key that is valid for this model");
  }

  @Test
  void saysOnceThatTheListRefusesTheKey() throws Exception {
    upstream.answerElse(request -> Script.json(401, "{\"error\":{\"message\":\"bad key\"}}"));

    assertThat(examine(false, "caravan.nim.api-key", "nvapi-wrong")).isEqualTo(1);
    assertThat(output)
        .contains("nim refuses its key (HTTP 401)")
        .contains("set NVIDIA_API_KEY to a key that is valid there")
        .contains("1 problem");
    assertThat(upstream.completions()).isEmpty();
  }

  @Test
  void saysThatAModelIsNotInTheList() throws Exception {
    upstream.answer(
        request -> Script.json(404, "{\"error\":{\"message\":\"model 'z-ai/glm5.3' not found\"}}"));

    assertThat(examine(false, "caravan.model.default", "nim/z-ai/glm5.3")).isEqualTo(1);
    assertThat(output)
        .contains("nim/z-ai/glm5.3 is not in the list of models of nim")
        .contains("did you mean z-ai/glm-5.3?")
        .contains("choose another model; there are z-ai/glm-5.3, z-ai/glm-6");
  }

  @Test
  void namesTheBaseUrlThatWasMeant() throws Exception {
    String wrong = upstream.url() + "/v1";

    assertThat(examine(false, "caravan.nim.base-url", wrong)).isEqualTo(1);
    assertThat(output)
        .contains(wrong + " (caravan.nim.base-url) has /v1 twice")
        .contains("set caravan.nim.base-url to " + upstream.url());
  }

  /** The list of llama.cpp's server has the window of a slot, and that of the model's training. */
  @Test
  void readsTheWindowOfLlamaCpp() throws Exception {
    upstream.answerElse(
        request ->
            Script.json(
                200,
                "{\"object\":\"list\",\"data\":[{\"id\":\"/models/glm.gguf\",\"object\":\"model\",\"meta\":"
                    + "{\"vocab_type\":2,\"n_ctx_train\":131072,\"n_ctx\":8192}}]}"));
    upstream.answer(with(Script.says("one two three"), TOOL));

    assertThat(examine(false, "caravan.model.default", "nim/any")).isZero();
    assertThat(output)
        .contains("has a context window of 8192 tokens")
        .doesNotContain("is not in the list");
  }

  @Test
  void countsOnePieceAsOne() throws Exception {
    upstream.answer(
        with(
            Script.stream(
                Chunks.role()
                    + Chunks.text("one")
                    + Chunks.finish("stop")
                    + Chunks.usage(1, 1)
                    + Chunks.DONE),
            TOOL));

    assertThat(examine(false)).isZero();
    assertThat(output).contains("and one piece").doesNotContain("1 pieces");
  }

  @Test
  void saysThatAKeyIsMissing() throws Exception {
    assertThat(examine(false, "caravan.model.default", "openrouter/any/model")).isEqualTo(1);
    assertThat(output).contains("openrouter has no key").contains("OPENROUTER_API_KEY");
  }

  @Test
  void saysThatNobodyAnswers() throws Exception {
    upstream.close();

    assertThat(examine(false)).isEqualTo(1);
    assertThat(output).contains("can't be reached").contains(upstream.url());
  }

  @Test
  void saysThatToolsAreNotCalledOrNotTaken() throws Exception {
    upstream.answer(with(Script.says("one two"), Script.says("It is noon.")));
    assertThat(examine(false)).isEqualTo(1);
    assertThat(output).contains("was asked to call a tool and did not");

    upstream.answer(
        with(
            Script.says("one two"),
            Script.json(400, "{\"error\":{\"message\":\"no tool parser here\"}}")));
    assertThat(examine(false)).isEqualTo(1);
    assertThat(output).contains("doesn't accept tools").contains("--enable-auto-tool-choice");
  }

  @Test
  void notesWhatIsNoProblemYet() throws Exception {
    upstream.answerElse(request -> Script.json(404, "{}"));
    upstream.answer(
        with(
            Script.after(
                Duration.ofMillis(700),
                Script.stream(
                    Chunks.role() + Chunks.text("one") + Chunks.finish("stop") + Chunks.DONE)),
            TOOL));

    assertThat(examine(false)).isZero();
    assertThat(output)
        .contains("came in one piece")
        .contains("doesn't report the tokens used")
        .contains("the size of its context window is unknown");
  }

  @Test
  void triesEveryModelThatASettingNames() throws Exception {
    upstream.answer(with(Script.says("one two"), TOOL));

    examine(false, "caravan.model.opus", "nim/z-ai/glm-6, nim/other/x");

    assertThat(output)
        .contains("nim/z-ai/glm-5.3: answers")
        .contains("nim/z-ai/glm-6: answers")
        .contains("nim/other/x: answers");
  }

  @Test
  void saysThatTheDemonstrationIsNoModel() throws Exception {
    assertThat(examine(false, "caravan.nim.base-url", "", "caravan.nim.api-key", "")).isZero();
    assertThat(output).contains("demonstration").contains("NVIDIA_API_KEY");
    assertThat(upstream.completions()).isEmpty();
  }

  @Test
  void saysThatAPortIsTaken() throws Exception {
    upstream.answer(with(Script.says("one two"), TOOL));
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(other.getLocalPort());
      Thread closer = closing(other);

      assertThat(examine(false, "caravan.port", port)).isEqualTo(1);
      closer.interrupt();
    }
    assertThat(output).contains("can't be listened on").contains("CARAVAN_PORT");
  }

  /** Accepts the request that asks for Caravan, and closes the connection. */
  private static Thread closing(ServerSocket server) {
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try {
                  server.accept().close();
                } catch (IOException e) {
                  return;
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Test
  void saysWhatKeepsItFromStarting() throws Exception {
    assertThat(examine(false, "caravan.model.default", "nope/model")).isEqualTo(1);
    assertThat(output).contains("PROBLEM  configuration: MODEL is nope/model");
  }

  @Test
  void reportsInJsonWithAnExitCodeAsAProcess(@TempDir Path directory) throws Exception {
    OneRun.copyApplication(directory);

    OneRun run =
        OneRun.of(
            directory,
            Map.of("MODEL", "openrouter/any/model"),
            "doctor",
            "--json",
            "--config",
            ".");

    assertThat(run.exit()).isEqualTo(1);
    JsonNode report = new ObjectMapper().readTree(run.output());
    assertThat(report.get("ok").asBoolean()).isFalse();
    assertThat(report.at("/findings").findValuesAsText("advice"))
        .contains("set OPENROUTER_API_KEY");
  }
}
