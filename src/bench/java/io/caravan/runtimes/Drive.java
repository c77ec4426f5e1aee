package io.caravan.runtimes;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends the requests that a runtime must serve, and checks their responses. */
final class Drive {
  private static final int STREAMS = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @FunctionalInterface
  private interface Check {
    void run() throws Exception;
  }

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;
  private final ScriptedUpstream upstream;
  private int failed;

  Drive(String url, ScriptedUpstream upstream) {
    this.url = URI.create(url);
    this.upstream = upstream;
  }

  /** Runs all checks and returns whether they passed. */
  boolean all(PrintStream out) {
    check("streams token by token", this::streams, out);
    check("takes a tool call to its result", this::tools, out);
    check("answers without a stream", this::whole, out);
    check("counts tokens, lists models", this::others, out);
    check("lets the upstream go when the client leaves", this::cancel, out);
    check(STREAMS + " streams at once", this::atOnce, out);
    check("sends no header of the client back", this::headers, out);
    return failed == 0;
  }

  /** Checks that an edited provider file takes effect for a later request. */
  boolean edit(Path file, PrintStream out) {
    check("an edit of " + file.getFileName() + " counts", () -> retarget(file), out);
    return failed == 0;
  }

  private void check(String name, Check check, PrintStream out) {
    upstream.forget();
    try {
      check.run();
      out.println("  ok      " + name);
    } catch (Exception | AssertionError e) {
      failed++;
      out.println("  FAILED  " + name + ": " + e);
    }
  }

  /** Checks a stream whose upstream continues only once the last token has been read here. */
  private void streams() throws Exception {
    CompletableFuture<Void> seen = new CompletableFuture<>();
    upstream.enqueue(
        Script.stream(Chunks.role(), Chunks.text("first"))
            .await(seen)
            .write(Chunks.text("second") + Chunks.finish("stop") + Chunks.DONE));
    try (BufferedReader lines = open("Hi", true)) {
      expectLine("\"text\":\"first\"", lines);
      seen.complete(null);
      expectLine("\"text\":\"second\"", lines);
      expectLine("message_stop", lines);
    }
  }

  private void tools() throws Exception {
    upstream.enqueue(
        Script.stream(
            Chunks.role(),
            Chunks.toolStart(0, "call_1", "weather"),
            Chunks.toolArguments(0, "{\"city\":"),
            Chunks.toolArguments(0, "\"Ulm\"}"),
            Chunks.finish("tool_calls") + Chunks.DONE),
        Script.says("It rains."));
    String tools =
        "\"tools\":[{\"name\":\"weather\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}],";
    String called =
        post(
            "/v1/messages",
            "{\"model\":\"claude-sonnet\",\"max_tokens\":99,%s\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}"
                .formatted(tools));
    expect(called, "\"stop_reason\":\"tool_use\"");
    expect(called, "{\"city\":\"Ulm\"}");
    String id = called.replaceAll("(?s).*\"id\":\"([^\"]+)\",\"name\":\"weather\".*", "$1");
    String answer =
        post(
            "/v1/messages",
            ("{\"model\":\"claude-sonnet\",\"max_tokens\":99,%s\"messages\":[{\"role\":\"user\",\"content\":\"?\"},"
                    + "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"%s\",\"name\":\"weather\",\"input\":{\"city\":\"Ulm\"}}]},"
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"%s\",\"content\":\"rain\"}]}]}")
                .formatted(tools, id, id));
    expect(answer, "It rains.");
    List<ReceivedRequest> asked = upstream.completions();
    expect(asked.get(asked.size() - 1).text(), "\"role\":\"tool\"");
  }

  private void whole() throws Exception {
    upstream.enqueue(Script.says("Hello there"));
    expect(post("/v1/messages", body("Hi", false)), "\"text\":\"Hello there\"");
  }

  private void others() throws Exception {
    expect(post("/v1/messages/count_tokens", body("Hi", false)), "\"input_tokens\":");
    expect(get("/v1/models"), "nim/z-ai/glm-5.3");
    expect(get("/no/such/path"), "\"type\":\"not_found_error\"");
  }

  private void cancel() throws Exception {
    upstream.enqueue(Script.stream(Chunks.role(), Chunks.text("first")).stall());
    ReceivedRequest received;
    try (BufferedReader lines = open("Hi", true)) {
      received = upstream.takeCompletion(PATIENCE);
      expectLine("\"text\":\"first\"", lines);
    }
    received.clientGone().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Checks concurrent streams: none continues before all are open, and each gets its own text. */
  private void atOnce() throws Exception {
    CompletableFuture<Void> allOpen = new CompletableFuture<>();
    AtomicInteger open = new AtomicInteger();
    upstream.answer(
        request -> {
          if (open.incrementAndGet() == STREAMS) {
            allOpen.complete(null);
          }
          String name = request.text().replaceAll("(?s).*(stream-\\d+-).*", "$1");
          Script script = Script.stream(Chunks.role(), Chunks.text("begin")).await(allOpen);
          for (int i = 0; i < 20; i++) {
            script = script.write(Chunks.text(name));
          }
          return script.write(Chunks.finish("stop") + Chunks.DONE);
        });
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      answers.add(
          http.sendAsync(
              messages(body("stream-" + i + "-", true)), HttpResponse.BodyHandlers.ofString()));
    }
    for (int i = 0; i < STREAMS; i++) {
      String answer = answers.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).body();
      expect(answer, "message_stop");
      int tokens = answer.split("\"text\":\"stream-" + i + "-\"", -1).length - 1;
      if (tokens != 20) {
        throw new AssertionError("stream " + i + " got " + tokens + " of its 20 tokens: " + answer);
      }
    }
    upstream.answer(request -> null);
  }

  private void headers() throws Exception {
    upstream.enqueue(Script.says("ok"));
    String headers =
        http.send(messages(body("Hi", true)), HttpResponse.BodyHandlers.ofString())
            .headers()
            .map()
            .toString();
    if (headers.contains("client-key") || headers.contains("anthropic-version")) {
      throw new AssertionError(headers);
    }
  }

  private void retarget(Path file) throws Exception {
    try (ScriptedUpstream other = ScriptedUpstream.start()) {
      upstream.answer(request -> Script.says("from the first"));
      other.answer(request -> Script.says("from the second"));
      expect(post("/v1/messages", body("Hi", false)), "from the first");
      String text = Files.readString(file);
      replace(
          file, text.replaceFirst("(?m)^( +)baseUrl: .*$", "$1baseUrl: \"" + other.url() + "\""));
      long until = System.nanoTime() + PATIENCE.toNanos();
      String answer;
      do {
        answer = post("/v1/messages", body("Hi", false));
      } while (!answer.contains("from the second") && System.nanoTime() < until);
      expect(answer, "from the second");
    } finally {
      upstream.answer(request -> null);
    }
  }

  /**
   * Replaces a file at once, as editors do. Camel's own reload may read half of one that is written
   * in parts, and then leaves out the beans of that half when it reads all of it.
   */
  private static void replace(Path file, String text) throws IOException {
    Path written = Files.createTempFile(file.getParent(), "edited", null);
    Files.writeString(written, text);
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String body(String text, boolean stream) {
    return "{\"model\":\"claude-sonnet\",\"max_tokens\":99,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(stream, text);
  }

  private HttpRequest messages(String body) {
    return HttpRequest.newBuilder(url.resolve("/v1/messages"))
        .timeout(PATIENCE)
        .header("content-type", "application/json")
        .header("anthropic-version", "2023-06-01")
        .header("x-api-key", "client-key")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private String post(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(messages(body), (name, value) -> true)
            .uri(url.resolve(path))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(url.resolve(path)).timeout(PATIENCE).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private BufferedReader open(String text, boolean stream)
      throws IOException, InterruptedException {
    InputStream answer =
        http.send(messages(body(text, stream)), HttpResponse.BodyHandlers.ofInputStream()).body();
    return new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
  }

  private static void expectLine(String text, BufferedReader lines) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.contains(text)) {
        return;
      }
    }
    throw new AssertionError("the stream ended without " + text);
  }

  private static void expect(String answer, String text) {
    if (!answer.contains(text)) {
      throw new AssertionError("no " + text + " in " + answer);
    }
  }
}
