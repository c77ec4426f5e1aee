package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the console over HTTP: who may see it, what it holds, and what it never holds. */
@Timeout(60)
class ConsoleIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";
  private static final String UPSTREAM_KEY = "nvapi-canary-of-the-upstream";
  private static final String OPERATOR = "canary-of-the-operator";
  private static final String ANN = "canary-of-ann";
  private static final String BEN = "canary-of-ben";
  private static final String HOSTILE = "</script><script>alert(1)</script>";

  private final HttpClient http = HttpClient.newHttpClient();
  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void prepare() {
    upstream = ScriptedUpstream.start().answer(request -> Script.says("canary of an answer"));
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private void start(String... settings) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "caravan.nim.api-key", UPSTREAM_KEY, "caravan.model.default", "nim/first/model"));
    all.addAll(List.of(settings));
    gateway = Gateway.before(upstream, all.toArray(new String[0]));
  }

  private void startWithLogins() throws Exception {
    start("caravan.admin-key", OPERATOR, "caravan.api-keys", ANN + "," + BEN);
  }

  private HttpResponse<String> ask(String model, String session, String... headers)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("x-claude-code-session-id", session));
    all.addAll(List.of(headers));
    return gateway.post(
        "/v1/messages",
        "{\"stream\":true,\"model\":"
            + Chunks.quote(model)
            + ",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"canary of a prompt\"}]}",
        all.toArray(new String[0]));
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.url() + path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode state(String... headers) throws Exception {
    return JSON.readTree(get("/console/state", headers).body());
  }

  /** Returns the state once so many requests have ended. */
  private JsonNode stateWith(int requests, String... headers) {
    return await().until(() -> state(headers), state -> state.get("requests").size() == requests);
  }

  private HttpResponse<String> submit(String key) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(gateway.url() + "/console/login"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", gateway.url())
            .POST(HttpRequest.BodyPublishers.ofString("key=" + key))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String logIn(String key) throws Exception {
    String cookie = submit(key).headers().firstValue("set-cookie").orElseThrow();
    return cookie.substring(0, cookie.indexOf(';'));
  }

  @Test
  void aBrowserGetsTheConsoleAndOthersThePlainPage() throws Exception {
    start();

    HttpResponse<String> page = get("/", "accept", BROWSER);

    assertThat(page.body()).contains("/console/console.js", "\"requests\":[");
    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("cache-control")).contains("no-store");
    assertThat(get("/").body()).contains("Caravan is running");
    assertThat(get("/", "accept", "*/*").body()).contains("Caravan is running");
  }

  @Test
  void thePageHasAllItsFilesHere() throws Exception {
    start();

    for (String file :
        List.of("console.js", "console.css", "lit-html.js", "uplot.js", "uplot.css")) {
      HttpResponse<String> response = get("/console/" + file);
      assertThat(response.statusCode()).as(file).isEqualTo(200);
      assertThat(response.headers().firstValue("content-type").orElseThrow())
          .startsWith(file.endsWith(".js") ? "text/javascript" : "text/css");
    }
    assertThat(get("/console/console.html").statusCode()).isEqualTo(404);
    assertThat(get("/console/..%2f..%2fapplication.properties").statusCode()).isEqualTo(404);
  }

  @Test
  void aServedAndAFailedRequestAreThereWithoutPromptsAndKeys() throws Exception {
    start("caravan.retry.attempts", "1", "caravan.nim.rate-limit", "40");
    ask("claude-sonnet", "session-1", "x-claude-code-agent-id", "agent-1");
    upstream.enqueue(Script.json(400, "{\"error\":{\"message\":\"no such thing\"}}"));
    ask("claude-sonnet", "session-1");

    JsonNode state = stateWith(2);

    JsonNode served = state.get("requests").get(0);
    assertThat(served.get("request_id").asText()).startsWith("req_");
    assertThat(served.get("status").asInt()).isEqualTo(200);
    assertThat(served.get("outcome").asText()).isEqualTo("ok");
    assertThat(served.get("session").asText()).isEqualTo("session-1");
    assertThat(served.get("agent").asText()).isEqualTo("agent-1");
    assertThat(served.get("model").asText()).isEqualTo("claude-sonnet");
    assertThat(served.get("upstream_model").asText()).isEqualTo("first/model");
    assertThat(served.get("input_tokens").asInt()).isEqualTo(10);
    assertThat(served.get("output_tokens").asInt()).isEqualTo(5);
    assertThat(served.get("first_token_ms").asDouble()).isPositive();
    assertThat(served.get("stages").findValuesAsText("name")).contains("accept", "nim-call");
    assertThat(served.get("calls")).hasSize(1);
    JsonNode failed = state.get("requests").get(1);
    assertThat(failed.get("status").asInt()).isEqualTo(400);
    assertThat(failed.get("outcome").asText()).isEqualTo("invalid_request_error");
    assertThat(state.get("models").findValuesAsText("model")).contains("nim/first/model");
    assertThat(state.get("providers").findValuesAsText("name")).contains("nim");
    assertThat(state.get("limits").findValuesAsText("name")).contains("nim");
    assertThat(state.toString()).doesNotContain("canary");
  }

  @Test
  void refusedKeysAndLimitsThatRefusalsHaveShownAreThere() throws Exception {
    start("caravan.nim.api-key", UPSTREAM_KEY + ",canary-of-a-key", "caravan.retry.attempts", "1");
    upstream.enqueue(
        Script.json(401, "{}"),
        Script.says("ok"),
        Script.json(429, "{\"title\":\"Too Many Requests\"}", "Retry-After: 60"));
    ask("claude-sonnet", "session-1");
    ask("claude-sonnet", "session-1");

    JsonNode state = stateWith(2);

    JsonNode key = state.get("refused_keys").get(0);
    assertThat(key.get("key").asText()).isEqualTo("nim key 1");
    assertThat(key.get("reason").asText()).isEqualTo("HTTP 401");
    assertThat(key.get("again_ms").asLong()).isBetween(500_000L, 600_000L);
    JsonNode limit = state.get("model_limits").get(0);
    assertThat(limit.get("model").asText()).startsWith("nim/first/model");
    assertThat(limit.get("again_ms").asLong()).isBetween(30_000L, 60_000L);
    assertThat(state.toString()).doesNotContain("canary", UPSTREAM_KEY);
  }

  @Test
  void settingsSayWhereTheyComeFromAndMaskSecrets() throws Exception {
    start(
        "caravan.keep-alive", "7000",
        "caravan.web-search.my-url", "http://ann:canary@localhost:4318/in",
        "caravan.web-search.my-secret", "4711",
        "caravan.metrics.max-keys", "17");

    Map<String, JsonNode> settings = new TreeMap<>();
    state().get("settings").forEach(each -> settings.put(each.get("name").asText(), each));

    assertThat(settings.get("caravan.keep-alive").get("value").asText()).isEqualTo("7000");
    // The tests run where a file of that name is.
    assertThat(settings.get("caravan.cooldown.first").get("from").asText())
        .isIn("default", "application.properties");
    assertThat(settings.get("caravan.nim.api-key").get("value").asText()).isEqualTo("••••••");
    assertThat(settings.get("caravan.web-search.my-secret").get("value").asText())
        .isEqualTo("••••••");
    assertThat(settings.get("caravan.metrics.max-keys").get("value").asText()).isEqualTo("17");
    assertThat(settings.get("caravan.web-search.my-url").get("value").asText())
        .isEqualTo("http://••••••@localhost:4318/in");
    assertThat(settings.toString()).doesNotContain("canary");
  }

  @Test
  void hostileTextsEndNoElementOfThePage() throws Exception {
    start();
    ask(HOSTILE, HOSTILE);
    stateWith(1);

    String page = get("/", "accept", BROWSER).body();

    assertThat(page).doesNotContain("<script>alert").contains("\\u003c/script>");
    assertThat(page.split("</script>", -1)).hasSize(3);
  }

  @Test
  void anEventTellsOfARequestUnderWayAndOfItsEnd() throws Exception {
    start();
    CompletableFuture<Void> gate = new CompletableFuture<>();
    upstream.enqueue(
        Script.stream(Chunks.role(), Chunks.text("a"))
            .await(gate)
            .write(Chunks.finish("stop") + Chunks.usage(10, 5) + Chunks.DONE));
    try (RawClient events = RawClient.connect(gateway.port())) {
      events.write("GET /console/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
      events.readUntil(": the console");
      CompletableFuture<?> asked =
          CompletableFuture.runAsync(
              () -> {
                try {
                  ask("claude-sonnet", "session-9");
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });

      assertThat(events.readUntil("session-9")).contains("event: running");
      gate.complete(null);
      assertThat(events.readUntil("\"output_tokens\":5")).contains("event: ended");
      assertThat(events.readUntil("\"running\":[]}")).contains("event: running");
      asked.get();
    }
  }

  @Test
  void onAnotherHostThereIsNoneWithoutAnOperatorsKey() throws Exception {
    start("caravan.host", "0.0.0.0", "caravan.api-keys", ANN, "caravan.allowed-hosts", "*");
    ask("claude-sonnet", "s", "x-api-key", ANN);

    assertThat(get("/", "accept", BROWSER).body()).contains("Caravan is running");
    assertThat(get("/console/state").statusCode()).isEqualTo(404);
    assertThat(get("/console/events").statusCode()).isEqualTo(404);
    assertThat(submit(ANN).statusCode()).isEqualTo(404);
  }

  @Test
  void anOperatorLogsInAndOut() throws Exception {
    startWithLogins();
    ask("claude-sonnet", "session-1", "x-api-key", ANN);

    assertThat(get("/", "accept", BROWSER).body()).contains("{\"login\":true}");
    assertThat(get("/console/state").statusCode()).isEqualTo(401);
    assertThat(get("/console/events").statusCode()).isEqualTo(401);
    assertThat(get("/console/state", "x-api-key", OPERATOR).statusCode()).isEqualTo(401);
    HttpResponse<String> login = submit(OPERATOR);
    assertThat(login.statusCode()).isEqualTo(303);
    assertThat(login.headers().firstValue("location")).contains("/");
    assertThat(login.headers().firstValue("set-cookie").orElseThrow())
        .containsIgnoringCase("; HttpOnly")
        .contains("SameSite=Strict", "Path=/")
        .doesNotContain(OPERATOR);
    String cookie = logIn(OPERATOR);
    JsonNode state = stateWith(1, "cookie", cookie);
    assertThat(state.get("settings")).isNotEmpty();
    assertThat(state.toString()).doesNotContain("canary");

    http.send(
        HttpRequest.newBuilder(URI.create(gateway.url() + "/console/logout"))
            .header("cookie", cookie)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
    assertThat(get("/console/state", "cookie", cookie).statusCode()).isEqualTo(401);
  }

  @Test
  void aWrongKeyIsRefusedAndSoAreManyTries() throws Exception {
    startWithLogins();

    HttpResponse<String> wrong = submit("wrong");
    assertThat(wrong.headers().firstValue("location")).contains("/?refused");
    assertThat(wrong.headers().firstValue("set-cookie")).isEmpty();
    for (int i = 0; i < 19; i++) {
      submit("wrong" + i);
    }
    assertThat(submit("wrong").statusCode()).isEqualTo(429);
    assertThat(submit(OPERATOR).statusCode()).isEqualTo(429);
  }

  @Test
  void aPageElsewhereCanNotLogIn() throws Exception {
    startWithLogins();

    HttpResponse<String> foreign =
        http.send(
            HttpRequest.newBuilder(URI.create(gateway.url() + "/console/login"))
                .header("content-type", "application/x-www-form-urlencoded")
                .header("origin", "https://elsewhere.example")
                .POST(HttpRequest.BodyPublishers.ofString("key=" + OPERATOR))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(foreign.headers().firstValue("set-cookie")).isEmpty();
  }

  @Test
  void aClientSeesItsOwnRequestsAndNothingElse() throws Exception {
    startWithLogins();
    ask("claude-sonnet", "session-of-ann", "x-api-key", ANN);
    ask("claude-sonnet", "session-of-ben", "x-api-key", BEN);
    stateWith(2, "cookie", logIn(OPERATOR));
    String cookie = logIn(ANN);

    JsonNode state = state("cookie", cookie);

    assertThat(state.get("requests").findValuesAsText("session")).containsExactly("session-of-ann");
    assertThat(state.has("settings")).isFalse();
    assertThat(state.has("models")).isFalse();
    assertThat(state.has("providers")).isFalse();
    assertThat(get("/", "accept", BROWSER, "cookie", cookie).body())
        .contains("session-of-ann")
        .doesNotContain("session-of-ben");
    try (RawClient events = RawClient.connect(gateway.port())) {
      events.write(
          "GET /console/events HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + "\r\n\r\n");
      events.readUntil(": the console");
      ask("claude-sonnet", "later-of-ben", "x-api-key", BEN);
      ask("claude-sonnet", "later-of-ann", "x-api-key", ANN);
      assertThat(events.readUntil("later-of-ann")).doesNotContain("later-of-ben");
    }
  }

  private HttpResponse<String> check(String name, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/console/check"))
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("name=" + name));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aModelIsCheckedAsTheDoctorDoesIt() throws Exception {
    start();
    upstream.answer(
        request ->
            request.text().contains("read_clock")
                ? Script.stream(
                    Chunks.role(),
                    Chunks.toolCall(0, "call_0", "read_clock", "{\"zone\":\"UTC\"}"),
                    Chunks.finish("tool_calls") + Chunks.usage(10, 5) + Chunks.DONE)
                : Script.says("one two three"));

    JsonNode findings = JSON.readTree(check("nim/first/model").body());

    assertThat(findings.findValuesAsText("text").toString())
        .contains("answers", "reports the tokens used", "calls tools");
    assertThat(findings.findValuesAsText("level")).contains("ok").doesNotContain("problem");
    // Nothing of it is a client's request, and nothing stays open.
    assertThat(state().get("requests")).isEmpty();
    ask("claude-sonnet", "session-1");
    gateway.awaitNothingOpen();
  }

  @Test
  void whatIsWrongWithAModelIsSaidWithAdvice() throws Exception {
    start("caravan.retry.total", "0");
    upstream.answer(
        request -> Script.json(404, "{\"error\":{\"message\":\"no such model\",\"code\":404}}"));

    JsonNode findings = JSON.readTree(check("nim/first/model").body());

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).get("level").asText()).isEqualTo("problem");
    assertThat(findings.get(0).get("text").asText()).contains("no such model");
    assertThat(findings.get(0).get("advice").asText()).contains("choose another model");
    ask("claude-sonnet", "session-1");
    gateway.awaitNothingOpen();
  }

  @Test
  void aProviderIsAskedForItsList() throws Exception {
    start();

    assertThat(check("nim").body()).contains("\"level\":\"ok\"", "lists 1 models");

    upstream.answerElse(request -> Script.json(500, "{\"error\":{\"message\":\"broken\"}}"));
    assertThat(check("nim").body()).contains("\"level\":\"problem\"", "no list of models");
    assertThat(upstream.completions()).isEmpty();
  }

  @Test
  void onlyConfiguredModelsAreCheckedAndOnlyAFewTimes() throws Exception {
    start();

    for (String name :
        List.of("", "nim/another/model", "nobody", "claude-sonnet", "%7B%7Benv:HOME%7D%7D")) {
      assertThat(check(name).statusCode()).as(name).isEqualTo(404);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(check("nim").statusCode()).isEqualTo(200);
    }
    assertThat(check("nim").statusCode()).isEqualTo(429);
    assertThat(upstream.completions()).isEmpty();
  }

  @Test
  void aPageElsewhereCanNotCheck() throws Exception {
    start();

    for (String origin : List.of("https://elsewhere.example", "null", "http://localhost:1")) {
      assertThat(check("nim/first/model", "origin", origin).statusCode()).isEqualTo(403);
    }
    assertThat(upstream.everything()).isEmpty();
  }

  @Test
  void toolsAreCountedByTheirNames() throws Exception {
    start();
    upstream.enqueue(
        Script.stream(
            Chunks.role(),
            Chunks.toolCall(0, "call_0", "Bash", "{\"command\":\"canary\"}"),
            Chunks.toolCall(1, "call_1", "Read", "{\"file\":\"canary\"}"),
            Chunks.toolCall(2, "call_2", "Bash", "{\"command\":\"canary\"}"),
            Chunks.finish("tool_calls") + Chunks.usage(10, 5) + Chunks.DONE));
    ask("claude-sonnet", "session-1");

    JsonNode request = stateWith(1).get("requests").get(0);

    assertThat(request.get("tools")).isEqualTo(JSON.readTree("{\"Bash\":2,\"Read\":1}"));
    assertThat(request.toString()).doesNotContain("canary");
  }

  @Test
  void aRecordingIsShownSideBySideOnlyWhereOneIs(@TempDir Path directory) throws Exception {
    start(
        "caravan.record.enabled",
        "true",
        "caravan.record.directory",
        directory.toString(),
        "caravan.record.sessions",
        "recorded",
        "caravan.admin-key",
        OPERATOR);
    ask("claude-sonnet", "recorded");
    ask("claude-sonnet", "private");
    String cookie = logIn(OPERATOR);
    JsonNode state = stateWith(2, "cookie", cookie);
    String recorded = state.get("requests").get(0).get("request_id").asText();
    String other = state.get("requests").get(1).get("request_id").asText();

    assertThat(state.get("recording").asBoolean()).isTrue();
    assertThat(state.get("recorded_to").isNull()).isTrue();
    assertThat(state.toString()).doesNotContain("canary");
    JsonNode bodies =
        await()
            .until(
                () ->
                    JSON.readTree(get("/console/recordings/" + recorded, "cookie", cookie).body())
                        .get("bodies"),
                all -> !all.isEmpty());
    assertThat(bodies.findValuesAsText("name"))
        .containsExactly("request", "upstream-request", "upstream", "events");
    assertThat(bodies.get(0).get("text").asText()).contains("canary of a prompt");
    assertThat(bodies.get(3).get("text").asText()).contains("message_start").contains("answer");
    assertThat(bodies.toString()).doesNotContain(UPSTREAM_KEY);
    assertThat(get("/console/recordings/" + other, "cookie", cookie).body())
        .isEqualTo("{\"bodies\":[]}");
    assertThat(get("/console/recordings/..%2f" + recorded, "cookie", cookie).statusCode())
        .isEqualTo(404);
    assertThat(get("/console/recordings/" + recorded).statusCode()).isEqualTo(401);
  }

  /** Without a login everyone on the machine sees the console, and the files are one user's. */
  @Test
  void withoutALoginNoRecordingIsShown(@TempDir Path directory) throws Exception {
    start("caravan.record.enabled", "true", "caravan.record.directory", directory.toString());
    ask("claude-sonnet", "recorded");
    String id = stateWith(1).get("requests").get(0).get("request_id").asText();
    await().until(() -> Files.exists(directory.resolve(id + ".case")));

    HttpResponse<String> refused = get("/console/recordings/" + id);

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("CARAVAN_ADMIN_KEY").doesNotContain("canary");
  }

  @Test
  void anIdOfAnUpstreamThatIsItsKeyIsNotKept() throws Exception {
    start();
    upstream.enqueue(
        Script.status(
                200,
                "Content-Type: text/event-stream",
                "X-Request-Id: " + UPSTREAM_KEY,
                "NVCF-REQID: " + UPSTREAM_KEY.toUpperCase(java.util.Locale.ROOT))
            .chunked()
            .write(Chunks.text("answer") + Chunks.finish("stop") + Chunks.DONE));
    ask("claude-sonnet", "session-1");

    assertThat(stateWith(1).toString()).doesNotContainIgnoringCase(UPSTREAM_KEY);
  }

  @Test
  void recordingsElsewhereAreNamedByTheirComponentAlone() throws Exception {
    start(
        "caravan.admin-key", OPERATOR,
        "caravan.record.enabled", "true",
        "caravan.record.to", "mock:archive?name=canary");
    ask("claude-sonnet", "session-1");
    String cookie = logIn(OPERATOR);
    JsonNode state = stateWith(1, "cookie", cookie);

    assertThat(state.get("recorded_to").asText()).isEqualTo("mock");
    assertThat(state.toString()).doesNotContain("canary");
    String id = state.get("requests").get(0).get("request_id").asText();
    assertThat(get("/console/recordings/" + id, "cookie", cookie).body())
        .isEqualTo("{\"bodies\":[]}");
  }

  @Test
  void withoutRecordingNoBodyIsThere() throws Exception {
    start("caravan.admin-key", OPERATOR);
    ask("claude-sonnet", "session-1");
    String cookie = logIn(OPERATOR);
    JsonNode state = stateWith(1, "cookie", cookie);

    assertThat(state.get("recording").asBoolean()).isFalse();
    String id = state.get("requests").get(0).get("request_id").asText();
    assertThat(get("/console/recordings/" + id, "cookie", cookie).body())
        .isEqualTo("{\"bodies\":[]}");
  }

  @Test
  void switchedOffItIsThePlainPageAndKeepsNothing() throws Exception {
    start("caravan.console", "false");
    ask("claude-sonnet", "session-1");

    assertThat(get("/", "accept", BROWSER).body()).contains("Caravan is running");
    assertThat(get("/console/state").statusCode()).isEqualTo(404);
    assertThat(get("/console/console.js").statusCode()).isEqualTo(404);
  }

  @Test
  void itsMemoryHasABound() throws Exception {
    start("caravan.console.requests", "3");
    String longName = "m".repeat(1_000_000);
    for (int i = 0; i < 5; i++) {
      ask(longName, "session-" + i);
    }

    JsonNode state =
        await()
            .until(
                ConsoleIT.this::state, all -> all.get("requests").toString().contains("session-4"));

    assertThat(state.get("requests").findValuesAsText("session"))
        .containsExactly("session-2", "session-3", "session-4");
    assertThat(state.get("running")).isEmpty();
    assertThat(state.toString().getBytes(StandardCharsets.UTF_8).length).isLessThan(100_000);
  }
}
