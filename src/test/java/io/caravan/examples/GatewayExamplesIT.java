package io.caravan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directories of {@code examples/} in which the runnable jar is started, each as it stands. */
class GatewayExamplesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;
  @TempDir Path work;

  /** Starts the jar in a copy of the example, as its line in examples/README.md says. */
  private CaravanProcess run(String example, ScriptedUpstream upstream, String... settings)
      throws Exception {
    copy(Path.of("examples", example));
    OneRun.bundle(work.resolve("bundle.jar"));
    Map<String, String> all = new TreeMap<>(Map.of("NIM_BASE_URL", upstream.url()));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return OneRun.serve(directory, all, work.resolve("bundle.jar"));
  }

  private void copy(Path example) throws Exception {
    List<String> sources = new ArrayList<>();
    try (Stream<Path> files = Files.walk(example)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path target = directory.resolve(example.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
        if (target.toString().endsWith(".java")) {
          sources.add(target.toString());
        }
      }
    }
    if (!sources.isEmpty()) {
      Path classes = Files.createDirectories(directory.resolve("lib/classes"));
      sources.addAll(0, List.of("-cp", OneRun.classPath(), "-d", classes.toString()));
      String[] command = sources.toArray(String[]::new);
      assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, command)).isZero();
    }
  }

  private static String ask(String text, boolean stream) {
    return """
        {"model": "claude-sonnet", "max_tokens": 99, "stream": %s,
         "messages": [{"role": "user", "content": "%s"}]}"""
        .formatted(stream, text);
  }

  private static HttpResponse<String> post(
      CaravanProcess caravan, String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(caravan.url() + path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String sent(ScriptedUpstream upstream) throws Exception {
    return upstream.takeCompletion(Duration.ofSeconds(5)).text();
  }

  @Test
  void tapsAnswersToAFile() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        CaravanProcess caravan = run("tap-to-file", upstream)) {
      upstream.enqueue(Script.says("Hello there"), Script.says("And again"));

      HttpResponse<String> streamed = post(caravan, "/v1/messages", ask("Hi", true));
      HttpResponse<String> whole = post(caravan, "/v1/messages", ask("Hi", false));

      assertThat(streamed.body()).contains("message_stop");
      assertThat(whole.body()).contains("And again");
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(directory.resolve("answers.txt"))
                      .content()
                      .contains(
                          streamed.headers().firstValue("request-id").orElseThrow() + " nim/",
                          " Hello there\n",
                          " And again\n"));
    }
  }

  @Test
  void routesByKeyAndByHeader() throws Exception {
    String small = "\"model\":\"nvidia/nemotron-3-nano-30b-a3b\"";
    String large = "\"model\":\"z-ai/glm-5.3\"";
    Path keys = work.resolve("keys");
    Files.writeString(
        keys, "%s name=ci%n%s name=ann%n".formatted(hash("key-of-ci"), hash("ann's")));
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        CaravanProcess caravan =
            run("route-by-client", upstream, "CARAVAN_CLIENT_KEYS_FILE", keys.toString())) {
      upstream.answer(request -> Script.says("Hello"));
      String hi = ask("Hi", false);

      post(caravan, "/v1/messages", hi, "x-api-key", "key-of-ci");
      assertThat(sent(upstream)).contains(small);

      HttpResponse<String> agents =
          post(caravan, "/v1/messages", hi, "x-api-key", "ann's", "x-claude-code-agent-id", "a1");
      assertThat(sent(upstream)).contains(small);
      assertThat(agents.body()).contains("\"model\":\"claude-sonnet\"");

      post(caravan, "/v1/messages", hi, "x-api-key", "ann's");
      assertThat(sent(upstream)).contains(large);
    }
  }

  private static String hash(String key) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    return "sha256:" + HexFormat.of().formatHex(hash);
  }

  @Test
  void hidesAddressesFromTheModelAndShowsThemInTheResponse() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        CaravanProcess caravan = run("hide-emails", upstream)) {
      // Cut in every place that a made-up address can be cut in.
      String[] parts = "To person-1@hidden.invalid, cc person-2@hidden.invalid, p".split("", -1);
      Script letters = Script.stream(Chunks.role());
      for (String part : parts) {
        letters = letters.write(Chunks.text(part));
      }
      upstream.enqueue(
          letters.write(Chunks.finish("stop") + Chunks.usage(10, 5) + Chunks.DONE),
          Script.stream(
              Chunks.role(),
              Chunks.toolStart(0, "call_1", "send"),
              Chunks.toolArguments(0, "{\"to\":\"perso"),
              Chunks.toolArguments(0, "n-1@hidden.inv"),
              Chunks.toolArguments(0, "alid\"}"),
              Chunks.finish("tool_calls") + Chunks.usage(10, 5) + Chunks.DONE));
      String request =
          ask("Write to ann@example.org,\\nbob.b@mail.example.com and ann@example.org", true);

      HttpResponse<String> text = post(caravan, "/v1/messages", request);
      String first = sent(upstream);
      HttpResponse<String> call =
          post(
              caravan,
              "/v1/messages",
              request.replace(
                  "\"stream\": true",
                  "\"stream\": false, \"tools\": [{\"name\": \"send\", \"input_schema\": {\"type\": \"object\"}}]"));

      assertThat(first)
          .contains("Write to person-1@hidden.invalid,\\nperson-2@hidden.invalid and person-1@")
          .doesNotContain("example");
      assertThat(sent(upstream)).doesNotContain("example");
      assertThat(textOf(text.body())).isEqualTo("To ann@example.org, cc bob.b@mail.example.com, p");
      assertThat(call.body()).contains("\"input\":{\"to\":\"ann@example.org\"}");
    }
  }

  /** The next turn has the reasoning, as text and in its signature. */
  @Test
  void hidesAddressesInReasoningThatComesBack() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        CaravanProcess caravan = run("hide-emails", upstream)) {
      upstream.answer(
          request ->
              Script.stream(
                  Chunks.role(),
                  Chunks.reasoning("It is for person-1@hidden.invalid."),
                  Chunks.text("To person-1@hidden.invalid"),
                  Chunks.finish("stop") + Chunks.usage(10, 5) + Chunks.DONE));
      ObjectNode request = (ObjectNode) JSON.readTree(ask("Write to ann@example.org", false));
      request.put("max_tokens", 4096);
      request.putObject("thinking").put("type", "enabled").put("budget_tokens", 2048);

      JsonNode message = JSON.readTree(post(caravan, "/v1/messages", request.toString()).body());
      request
          .withArray("messages")
          .addObject()
          .put("role", "assistant")
          .set("content", message.path("content"));
      request.withArray("messages").addObject().put("role", "user").put("content", "Again");
      post(caravan, "/v1/messages", request.toString());

      assertThat(message.path("content").toString())
          .contains("It is for person-1@hidden.invalid.", "To ann@example.org");
      sent(upstream);
      assertThat(sent(upstream))
          .contains("It is for person-1@hidden.invalid.", "To person-1@hidden.invalid")
          .doesNotContain("example", "person-2");
    }
  }

  private static String textOf(String stream) {
    StringBuilder text = new StringBuilder();
    Pattern.compile("\"text_delta\",\"text\":\"([^\"]*)\"")
        .matcher(stream)
        .results()
        .forEach(found -> text.append(found.group(1)));
    return text.toString();
  }

  @Test
  void countsByACounterOfItsOwn() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        CaravanProcess caravan = run("own-counter", upstream)) {
      String hi = ask("Hi", false);

      assertThat(post(caravan, "/v1/messages/count_tokens", hi).body())
          .isEqualTo("{\"input_tokens\":" + hi.length() / 4 + "}");
    }
  }

  @Test
  void fallsBackAlongAChain() throws Exception {
    try (ScriptedUpstream first = ScriptedUpstream.start();
        ScriptedUpstream second = ScriptedUpstream.start();
        CaravanProcess caravan = run("fallback-chain", second, "FIRST_URL", first.url())) {
      first.answer(request -> Script.json(503, "{\"error\":{\"message\":\"down\"}}"));
      second.answer(request -> Script.says("Here I am"));

      HttpResponse<String> answer = post(caravan, "/v1/messages", ask("Hi", false));

      assertThat(answer.body()).contains("Here I am");
      assertThat(answer.headers().firstValue("caravan-tried").orElseThrow())
          .startsWith("first/my-model overloaded_error");
      assertThat(sent(second)).contains("\"model\":\"nvidia/nemotron-3-super-120b-a12b\"");
    }
  }

  @Test
  void asksAModelByAKamelet() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        CaravanProcess caravan = run("ask-by-kamelet", upstream)) {
      upstream.enqueue(
          Script.says("Four, \"of course\""), Script.json(400, "{\"error\":{\"message\":\"No\"}}"));
      Path questions = Files.createDirectories(directory.resolve("questions"));
      Files.writeString(work.resolve("sum"), "What is \"2 + 2\"?");
      Files.writeString(work.resolve("refused"), "And this?");

      Files.move(work.resolve("sum"), questions.resolve("sum.txt"));
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(directory.resolve("answers/sum.txt"))
                      .hasContent("Four, \"of course\""));
      Files.move(work.resolve("refused"), questions.resolve("refused.txt"));
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(questions.resolve("failed/refused.txt")).exists());

      assertThat(sent(upstream)).contains("What is \\\"2 + 2\\\"?");
      assertThat(caravan.isAlive()).isTrue();
    }
  }
}
