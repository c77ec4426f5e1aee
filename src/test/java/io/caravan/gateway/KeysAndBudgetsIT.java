package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the limits of client keys from the client's side. */
class KeysAndBudgetsIT {
  private static final String BODY =
      "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String HI = BODY.formatted("claude-sonnet");

  @TempDir Path directory;
  private ScriptedUpstream upstream;
  private Gateway gateway;
  private Path keys;

  @BeforeEach
  void prepare() {
    keys = directory.resolve("keys");
    upstream = ScriptedUpstream.start();
    upstream.answer(request -> Script.says("Hello"));
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
    upstream.close();
  }

  private static String line(String key, String may) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    return "sha256:" + HexFormat.of().formatHex(hash) + " " + may + "\n";
  }

  private void start(String... lines) throws Exception {
    write(lines);
    gateway =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/first/model, nim/second/model",
            "caravan.client-keys-file",
            keys.toString(),
            "caravan.ledger.file",
            directory.resolve("usage").toString());
  }

  private void write(String... lines) throws IOException {
    Path fresh = directory.resolve("keys.new");
    Files.writeString(fresh, String.join("", lines));
    Files.move(fresh, keys, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private HttpResponse<String> ask(String key) throws Exception {
    return ask(key, HI);
  }

  private HttpResponse<String> ask(String key, String body) throws Exception {
    return gateway.post("/v1/messages", body, "x-api-key", key);
  }

  private static long header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValueAsLong(name).orElseThrow();
  }

  @Test
  void onlyKeysOfTheFileAreLetIn() throws Exception {
    start(line("ann's", "name=ann"));

    assertThat(ask("ann's").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = ask("someone's");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("authentication_error");
    assertThat(refused.headers().firstValue("x-should-retry")).hasValue("false");
    assertThat(
            gateway
                .post("/v1/messages", HI, "authorization", "Bearer ann's")
                .headers()
                .firstValue("request-id"))
        .isPresent();
    assertThat(upstream.completions()).hasSize(2);
  }

  @Test
  void aChangedFileCountsWithoutARestart() throws Exception {
    start(line("ann's", "name=ann"));
    assertThat(ask("bob's").statusCode()).isEqualTo(401);

    write(line("bob's", "name=bob"));

    await().untilAsserted(() -> assertThat(ask("bob's").statusCode()).isEqualTo(200));
    assertThat(ask("ann's").statusCode()).isEqualTo(401);
  }

  @Test
  void requestsAMinuteAreLimitedAsAnthropicDoesIt() throws Exception {
    start(line("ann's", "name=ann rpm=2"), line("bob's", "name=bob"));

    HttpResponse<String> first = ask("ann's");
    assertThat(header(first, "anthropic-ratelimit-requests-limit")).isEqualTo(2);
    assertThat(header(first, "anthropic-ratelimit-requests-remaining")).isEqualTo(1);
    assertThat(ask("ann's").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = ask("ann's");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("rate_limit_error").contains("2 requests a minute");
    assertThat(header(refused, "retry-after")).isBetween(1L, 61L);
    assertThat(header(refused, "anthropic-ratelimit-requests-remaining")).isZero();
    Instant reset =
        Instant.parse(
            refused.headers().firstValue("anthropic-ratelimit-requests-reset").orElseThrow());
    assertThat(reset).isAfter(Instant.now());
    assertThat(ask("bob's").headers().map())
        .doesNotContainKey("anthropic-ratelimit-requests-limit");
  }

  @Test
  void aFailedCallCostsNoTokens() throws Exception {
    start(line("ann's", "name=ann daily-tokens=1000"), line("bob's", "name=bob daily-tokens=1000"));
    upstream.enqueue(Script.json(400, "{\"error\":{\"message\":\"no such thing\"}}"));

    assertThat(ask("ann's").statusCode()).isEqualTo(400);

    assertThat(tokensLeft("ann's")).isEqualTo(tokensLeft("bob's"));
  }

  /** Returns the key's remaining tokens while a request for them is under way. */
  private long tokensLeft(String key) throws Exception {
    return header(ask(key), "anthropic-ratelimit-tokens-remaining");
  }

  @Test
  void aDailyBudgetIsChargedWhatAnswersCostAndSurvivesARestart() throws Exception {
    start(line("ann's", "name=ann daily-tokens=1000"));
    upstream.enqueue(
        Script.stream(Chunks.text("much"), Chunks.finish("stop"), Chunks.usage(10, 985)));
    assertThat(ask("ann's").statusCode()).isEqualTo(200);
    await().untilAsserted(() -> assertThat(ask("ann's").statusCode()).isEqualTo(429));

    gateway.close();
    start(line("ann's", "name=ann daily-tokens=1000"));

    HttpResponse<String> refused = ask("ann's");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("1000 tokens a day");
    assertThat(refused.headers().firstValue("x-should-retry")).hasValue("false");
  }

  @Test
  void aClientThatLeavesPaysForTheTokensThatCame() throws Exception {
    start(line("ann's", "name=ann daily-tokens=1000"));
    String long4000 = "word ".repeat(800);
    upstream.enqueue(Script.stream(Chunks.text(long4000)).stall());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages"))
            .header("content-type", "application/json")
            .header("x-api-key", "ann's")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    HI.replace("{\"model", "{\"stream\":true,\"model")))
            .build();
    HttpResponse<InputStream> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
    answer.body().readNBytes(1000);
    answer.body().close();

    await().untilAsserted(() -> assertThat(tokensLeft("ann's")).isLessThan(200));
  }

  @Test
  void aKeyMayBeHeldToModelsByTheNameThatClientsUse() throws Exception {
    start(line("ann's", "name=ann models=claude-haiku*"));

    assertThat(ask("ann's", BODY.formatted("claude-haiku-4-5")).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = ask("ann's");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("permission_error").contains("claude-sonnet");
    assertThat(ask("ann's", BODY.formatted("nim/first/model")).statusCode()).isEqualTo(403);
  }

  @Test
  void aKeyMayBeHeldToModelsByTheirFullNames() throws Exception {
    start(line("ann's", "name=ann models=nim/first/*"));
    upstream.enqueue(
        Script.json(
            404, "{\"error\":{\"message\":\"model not found\",\"code\":\"model_not_found\"}}"));

    assertThat(ask("ann's").statusCode()).as("and not from the second").isEqualTo(404);
    assertThat(ask("ann's").statusCode()).isEqualTo(200);
    assertThat(ask("ann's", BODY.formatted("claude/nim/first/model")).statusCode()).isEqualTo(200);
    assertThat(ask("ann's", BODY.formatted("nim/second/model")).statusCode()).isEqualTo(403);
  }
}
