package io.caravan.scout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.CaravanTestAccess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoutIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private ScriptedUpstream upstream;
  private String out;
  private String err;

  @BeforeEach
  void start() throws IOException {
    upstream = ScriptedUpstream.start();
    OneRun.copyApplication(directory);
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  private ScriptedModels serve(ScriptedModels models) {
    upstream.answer(models::answer);
    upstream.answerElse(models::list);
    return models;
  }

  private Main configured() throws IOException {
    Main camel = new Main();
    CaravanTestAccess.configure(camel, directory);
    return camel;
  }

  private int scout(String answers, String... arguments) {
    Properties settings = new Properties();
    settings.put("caravan.nim.base-url", upstream.url());
    settings.put("caravan.port", "0");
    settings.put("caravan.management-port", "0");
    settings.put("vllm.base", upstream.url());
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--pace", "100000"));
    int exit =
        new Scout(
                this::configured,
                Throwable::getMessage,
                directory,
                new ByteArrayInputStream(answers.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                new PrintStream(errBytes, true, StandardCharsets.UTF_8))
            .run(all, settings);
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return exit;
  }

  private static Set<String> with(JsonNode report, String verdict) {
    Set<String> ids = new TreeSet<>();
    report
        .get("models")
        .forEach(
            model -> {
              if (model.get("verdict").asText().equals(verdict)) {
                ids.add(model.get("id").asText());
              }
            });
    return ids;
  }

  private static JsonNode of(JsonNode report, String id) {
    for (JsonNode model : report.get("models")) {
      if (model.get("id").asText().equals(id)) {
        return model;
      }
    }
    throw new AssertionError("no " + id);
  }

  private List<Path> scouted() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("routes/providers"))) {
      return files.filter(file -> file.getFileName().toString().contains("zz-scout-nim-")).toList();
    }
  }

  @Test
  void findsExactlyTheGoodOnesAlsoIfItIsKilledInBetween() throws Exception {
    ScriptedModels models = serve(ScriptedModels.ofHostedNim());
    assertThat(models.size()).isEqualTo(102);
    Map<String, String> settings =
        Map.of("NIM_BASE_URL", upstream.url(), "JAVA_TOOL_OPTIONS", "-Xmx256m");
    String[] command = {"scout", "nim", "--json", "--pace", "100000", "--timeout", "2"};

    Process first = OneRun.start(directory, settings, command);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> upstream.completions().size() >= 60 || !first.isAlive());
    first.destroyForcibly();
    assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
    JsonNode state = JSON.readTree(directory.resolve("caravan-scout-nim.json").toFile());
    int tried = state.get("models").size();
    assertThat(tried).isBetween(20, 93);
    OneRun second = OneRun.of(directory, settings, command);

    assertThat(second.exit()).isZero();
    JsonNode report = JSON.readTree(second.output().substring(second.output().indexOf("{\"prov")));
    assertThat(with(report, "works")).isEqualTo(models.good());
    assertThat(with(report, "fails")).hasSize(64);
    assertThat(report.get("no_chat_models")).hasSize(8);
    assertThat(second.output()).contains(tried + " were tried before");
    assertThat(of(report, "good/schema-cured-1").get("cured").toString()).contains("schemas");
    assertThat(of(report, "good/field-cured-1").get("cured").toString())
        .contains("without reasoning_effort");
    assertThat(of(report, "good/markup-known-1").get("cured").toString()).contains("recovered");
    assertThat(models.callsOf("ended/model-1")).as("most models cost one call").isEqualTo(1);
    assertThat(directory.resolve("caravan-scout-nim.json")).doesNotExist();
    // The one model that was under way when the process was killed is tried twice.
    assertThat(upstream.completions().size()).isLessThan(64 + 5 * 30 + 5 * 6 + 50);
  }

  @Test
  void theCardsMakeAutoChooseWhatWorksAndKeepTheBundledOnes() throws Exception {
    ScriptedModels models = new ScriptedModels();
    models.add("z-ai/glm-5.3", (request, call) -> ScriptedModels.good(request));
    models.add(
        "meta/llama-3.3-70b-instruct",
        (request, call) ->
            ScriptedModels.isTool(request) ? ScriptedModels.sorry() : ScriptedModels.good(request));
    models.add("some/ended", (request, call) -> ScriptedModels.error(410, "end of life"));
    serve(models);

    assertThat(scout("")).as(err).isZero();

    assertThat(out)
        .contains("MODEL=nim/z-ai/glm-5.3")
        .contains("MODEL_HAIKU=nim/z-ai/glm-5.3")
        .contains("MODEL=nim/auto");
    Path cards = scouted().get(0);
    assertThat(out).contains(cards.toString());
    assertThat(Files.readString(cards))
        .contains("name: \"nim/z-ai/glm-5.3\"")
        .contains("reasoningReplay: \"REASONING_CONTENT\"")
        .contains("efforts: \"low,high,max\"")
        .contains("firstTokenMillis:")
        .contains("tools: \"false\"")
        .doesNotContain("some/ended");
    try (Gateway gateway =
        Gateway.in(
            directory,
            Map.of("caravan.nim.base-url", upstream.url(), "caravan.model.default", "nim/auto"))) {
      var response =
          gateway.post(
              "/v1/messages",
              "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
      assertThat(response.headers().firstValue("caravan-auto").orElse(""))
          .startsWith("nim/z-ai/glm-5.3 (calls tools");
    }
  }

  @Test
  void noFileThatIsThereIsChanged() throws Exception {
    ScriptedModels models = new ScriptedModels();
    models.add("good/one", (request, call) -> ScriptedModels.good(request));
    serve(models);
    Path mine = directory.resolve("mine.camel.yaml");
    Files.writeString(mine, "# mine\n");

    assertThat(scout("", "--out", mine.toString())).isEqualTo(2);

    assertThat(err).contains("is there already");
    assertThat(Files.readString(mine)).isEqualTo("# mine\n");
    assertThat(upstream.completions()).isEmpty();
  }

  @Test
  void neighboursOfGoodModelsAreToldFromThem() throws Exception {
    ScriptedModels models = new ScriptedModels();
    for (int offset = 0; offset < 5; offset++) {
      int failing = offset;
      models.add(
          "flaky/four-of-five-" + offset,
          (request, call) ->
              call % 5 == failing
                  ? ScriptedModels.error(500, "internal error")
                  : ScriptedModels.good(request));
    }
    models.add(
        "late/second-turn",
        (request, call) ->
            ScriptedModels.isFirstTurn(request)
                ? ScriptedModels.sorry()
                : ScriptedModels.good(request));
    models.add("rubbish/html", (request, call) -> Script.whole(200, "text/html", "<html></html>"));
    models.add("rubbish/empty", (request, call) -> Script.says(""));
    models.add("rubbish/words", (request, call) -> Script.says("!!!!!!!! !!!! !!!"));
    models.add(
        "rubbish/arguments",
        (request, call) ->
            ScriptedModels.isTool(request)
                ? ScriptedModels.call("{\"pattern\":\"x\"}")
                : ScriptedModels.good(request));
    models.add(
        "deaf/to-results",
        (request, call) ->
            request.text().contains("codeword")
                ? Script.says("I do not know that file.")
                : ScriptedModels.good(request));
    models.add("good/one", (request, call) -> ScriptedModels.good(request));
    serve(models);

    assertThat(scout("", "--json")).isZero();

    JsonNode report = JSON.readTree(out);
    assertThat(with(report, "works")).containsExactly("good/one");
    assertThat(with(report, "unsteady")).hasSize(5).allMatch(id -> id.startsWith("flaky/"));
    assertThat(of(report, "late/second-turn").get("reason").asText())
        .isEqualTo("calls tools in the second turn only");
    assertThat(with(report, "fails"))
        .containsExactlyInAnyOrder(
            "late/second-turn",
            "rubbish/html",
            "rubbish/empty",
            "rubbish/words",
            "rubbish/arguments",
            "deaf/to-results");
    assertThat(report.at("/suggested/MODEL").asText()).isEqualTo("nim/good/one");
  }

  @Test
  void whatIsNoStreamOrHasNoEndIsTold() throws Exception {
    String counted = Chunks.text("one two seven twenty ".repeat(500));
    ScriptedModels models = new ScriptedModels();
    Map<String, Script> rubbish =
        Map.of(
            "endless/text", Script.stream(Chunks.role()).endlessly(counted, Duration.ZERO),
            "endless/thoughts",
                Script.stream(Chunks.role())
                    .endlessly(Chunks.reasoning("Hm. ".repeat(2_000)), Duration.ZERO),
            "endless/slow-text",
                Script.stream(Chunks.role()).endlessly(counted, Duration.ofMillis(100)),
            "endless/comments",
                Script.stream().endlessly(": still here\n\n", Duration.ofMillis(100)),
            "endless/roles", Script.stream().endlessly(Chunks.role(), Duration.ofMillis(100)),
            "rubbish/json", Script.json(200, "{\"message\":\"ok\"}"),
            "rubbish/nothing", Script.json(200, ""),
            "rubbish/bytes",
                Script.whole(200, "text/event-stream", "\u0000\u0001\ufffd".repeat(500)),
            "rubbish/data", Script.stream("data: {\"choices\":17}\n\n", "data: ]\n\n", Chunks.DONE),
            "rubbish/done", Script.stream(Chunks.DONE));
    rubbish.forEach((id, script) -> models.add(id, (request, call) -> script));
    models.add(
        "whole/json",
        (request, call) ->
            ScriptedModels.isTool(request)
                ? ScriptedModels.good(request)
                : Script.json(
                    200, Chunks.completion("one seven twenty, bittern, and three times 7 is 21")));
    serve(models);

    assertThat(scout("", "--json", "--timeout", "1")).isZero();

    JsonNode report = JSON.readTree(out);
    assertThat(with(report, "fails")).isEqualTo(new TreeSet<>(rubbish.keySet()));
    for (String id : List.of("text", "thoughts", "slow-text")) {
      assertThat(of(report, "endless/" + id).get("reason").asText())
          .as(id)
          .isEqualTo("a response without an end");
    }
    assertThat(with(report, "works")).containsExactly("whole/json");
    for (String id : rubbish.keySet()) {
      if (id.startsWith("endless/")) {
        assertThat(models.callsOf(id)).as(id).isEqualTo(1);
      }
    }
  }

  @Test
  void takesAListOfAnyForm() throws Exception {
    ScriptedModels models = new ScriptedModels();
    for (int i = 1; i <= 5; i++) {
      models.add("good/" + i, (request, call) -> ScriptedModels.good(request));
    }
    upstream.answer(models::answer);
    upstream.answerElse(
        request ->
            Script.json(
                200,
                request.target().contains("after_id=good%2F2")
                    ? "{\"data\":[{\"id\":\"good/3\"},{\"id\":\"good/1\"}],\"has_more\":true,\"last_id\":\"good/3\"}"
                    : request.target().contains("after_id=good%2F3")
                        ? "{\"data\":[{\"id\":\"good/4\"}],\"has_more\":true,\"last_id\":\"good/4\"}"
                        : request.target().contains("after_id")
                            ? "{\"data\":[{\"id\":\"good/4\"}],\"has_more\":true,\"last_id\":\"good/4\"}"
                            : "{\"data\":[{\"id\":\"good/1\"},{\"id\":\"good/2\"},{\"id\":\"good/2\"}],"
                                + "\"has_more\":true,\"last_id\":\"good/2\"}"));

    assertThat(scout("", "--json")).as(err).isZero();

    assertThat(with(JSON.readTree(out), "works"))
        .containsExactly("good/1", "good/2", "good/3", "good/4");
    assertThat(models.callsOf("good/1")).isEqualTo(5);
    for (String list : List.of("{\"models\":[]}", "<html>", "", "{\"data\":null}")) {
      upstream.answerElse(request -> Script.json(200, list));
      assertThat(scout("")).as(list).isEqualTo(2);
      assertThat(err).as(list).contains("nim gives no list of its models: ", "/v1/models)");
    }
    upstream.answerElse(request -> Script.json(200, "{\"data\":[]}"));
    assertThat(scout("")).isEqualTo(2);
    assertThat(err).contains("nim lists no models (");
  }

  @Test
  void stopsWhereTheAccountIsRefusedAndGoesOnOnceItIsNot() throws Exception {
    for (String refusal :
        List.of(
            "401 {\"detail\":\"Invalid API key\"}",
            "402 {\"detail\":\"your credits are used up\"}",
            "403 {\"status\":403,\"title\":\"Forbidden\",\"detail\":\"Authorization failed\"}")) {
      ScriptedModels models = new ScriptedModels();
      for (int i = 1; i <= 9; i++) {
        models.add(
            "good/" + i,
            (request, call) ->
                ScriptedModels.model(request).equals("good/3") && call == 1
                    ? ScriptedModels.json(
                        Integer.parseInt(refusal.substring(0, 3)), refusal.substring(4))
                    : ScriptedModels.good(request));
      }
      serve(models);

      assertThat(scout("")).isEqualTo(2);
      assertThat(err).contains("refuses the account");
      assertThat(models.callsOf("good/4")).isZero();

      assertThat(scout("")).isZero();
      assertThat(models.callsOf("good/1")).isEqualTo(5);
      assertThat(models.callsOf("good/9")).isEqualTo(5);
    }
  }

  @Test
  void aForbiddenModelIsThatModelsMatterUntilAllAre() throws Exception {
    ScriptedModels models = new ScriptedModels();
    Script forbidden = Script.whole(403, "text/html", "<html><h1>403</h1></html>");
    models.add("a/forbidden", (request, call) -> forbidden);
    models.add("b/good", (request, call) -> ScriptedModels.good(request));
    serve(models);
    assertThat(scout("", "--json")).isZero();
    assertThat(with(JSON.readTree(out), "fails")).containsExactly("a/forbidden");

    for (int i = 0; i < 9; i++) {
      models.add("c/forbidden-" + i, (request, call) -> forbidden);
    }
    assertThat(scout("", "--json")).isEqualTo(2);
    assertThat(models.callsOf("c/forbidden-2")).isEqualTo(1);
    assertThat(models.callsOf("c/forbidden-3")).isZero();
  }

  @Test
  void saysWhatItCostsAndAsksBeforeAMeteredProvider() throws Exception {
    ScriptedModels models = new ScriptedModels();
    models.add("good/one", (request, call) -> ScriptedModels.good(request));
    models.add("an/embed-model", (request, call) -> ScriptedModels.good(request));
    serve(models);
    Files.writeString(
        directory.resolve("routes/providers/paid.camel.yaml"),
        """
        - beans:
            - name: paid
              type: io.caravan.provider.Provider
              properties:
                name: "paid"
                baseUrl: "%s"
                metered: "true"
        """
            .formatted(upstream.url()));

    assertThat(scout("n\n", "paid")).isEqualTo(2);
    assertThat(err)
        .contains("paid lists 2 models; no chat models among them: 1.")
        .contains("1 are tried: 1 calls at least")
        .contains("may charge");
    assertThat(scout("", "paid")).isEqualTo(2);
    assertThat(upstream.completions()).isEmpty();

    assertThat(scout("y\n", "paid")).isZero();
    assertThat(upstream.completions()).hasSize(5);
    assertThat(scout("", "paid", "--yes")).isZero();
  }

  @Test
  void saysWhatIsWrongBeforeACall() throws Exception {
    assertThat(scout("", "nobody")).isEqualTo(2);
    assertThat(err).contains("There is no provider nobody");
    assertThat(scout("", "openrouter")).isEqualTo(2);
    assertThat(err).contains("OPENROUTER_API_KEY");
    assertThat(scout("", "--speed")).isEqualTo(2);
    assertThat(err).contains("no option --speed");
    upstream.answerElse(request -> Script.json(500, "{}"));
    assertThat(scout("", "nim")).isEqualTo(2);
    assertThat(err).contains("nim gives no list of its models: HTTP 500");
    Files.writeString(directory.resolve("caravan-scout-nim.json"), "{\"url\":");
    upstream.answerElse(new ScriptedModelsOfOne()::list);
    assertThat(scout("", "nim")).isEqualTo(2);
    assertThat(err).contains("--fresh");
    assertThat(upstream.completions()).isEmpty();
  }

  /** A list of one model. */
  private static final class ScriptedModelsOfOne {
    Script list(io.caravan.testkit.ReceivedRequest request) {
      return Script.json(200, "{\"data\":[{\"id\":\"one\"}]}");
    }
  }

  @Test
  void noIdOfAListGetsIntoAFileOfRoutesOrIntoTheTerminal() throws Exception {
    ScriptedModels models = new ScriptedModels();
    String evil = "{{env:NVIDIA_API_KEY}}";
    models.add("good/one", (request, call) -> ScriptedModels.good(request));
    models.add(evil, (request, call) -> ScriptedModels.good(request));
    upstream.answer(models::answer);
    upstream.answerElse(
        request ->
            Script.json(
                200,
                "{\"data\":[{\"id\":\"good/one\"},{\"id\":\""
                    + evil
                    + "\"},{\"id\":\"x\\u001b[2J\"}]}"));

    assertThat(scout("")).as(err).isZero();

    assertThat(out).contains("good/one").doesNotContain("\u001b");
    assertThat(err).doesNotContain("\u001b");
    assertThat(Files.readString(scouted().get(0))).contains("good/one").doesNotContain("{{");
  }
}
