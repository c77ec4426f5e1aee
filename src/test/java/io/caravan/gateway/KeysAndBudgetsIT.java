package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claude-haiku-opus",
        "claude-opus-haiku",
        "claude-haiku-sonnet-1",
        "claude/claude-haiku-opus",
        "CLAUDE-HAIKU-OPUS",
        "claude-haiku/../opus",
        "something-else",
        "claude-haiku"
      })
  void aPatternIsMatchedWithTheModelAndNotWithItsName(String name) throws Exception {
    start(line("ann's", "name=ann models=claude-haiku-opus*,claude-sonnet-*"));

    for (String path : List.of("/v1/messages", "/v1/messages/count_tokens")) {
      HttpResponse<String> refused = gateway.post(path, BODY.formatted(name), "x-api-key", "ann's");
      assertThat(refused.statusCode()).as(path).isIn(403, 404);
    }
    assertThat(upstream.completions()).isEmpty();
  }

  @Test
  void aKeySeesOnlyTheModelsThatItAllows() throws Exception {
    start(line("ann's", "name=ann models=claude-haiku*,nim/z-ai/*"));

    String list = get("/v1/models");
    assertThat(list)
        .contains("\"claude-haiku\"", "\"claude/nim/z-ai/")
        .doesNotContain("claude-opus", "\"claude/nim/first", "\"claude/nim/openai");
    assertThat(get("/v1/models/claude-haiku-4-5")).contains("\"id\":\"claude-haiku-4-5\"");
    assertThat(get("/v1/models/claude-opus")).contains("permission_error");
  }

  private String get(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway.url() + path))
            .header("x-api-key", "ann's")
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Test
  void manyRequestsAtOnceEndAtMostOneBeyondTheBudget() throws Exception {
    start(line("ann's", "name=ann daily-tokens=1000"));
    CompletableFuture<Void> all = new CompletableFuture<>();
    upstream.answer(
        request ->
            Script.after(
                all,
                Script.stream(
                    Chunks.text("much"), Chunks.finish("length"), Chunks.usage(10, 290))));
    List<CompletableFuture<Integer>> statuses = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      statuses.add(statusOf(HI.replace(":9,", ":290,")));
    }
    await()
        .until(
            () -> statuses.stream().filter(CompletableFuture::isDone).count(), done -> done == 56);
    all.complete(null);

    long answered = statuses.stream().filter(status -> status.join() == 200).count();
    assertThat(answered).as("three that fit, and one that may not").isEqualTo(4);
    assertThat(ask("ann's").body()).contains("1000 tokens a day");
  }

  /** The budget must have room for what the last model of the chain may write. */
  @Test
  void aFallbackThatWritesMoreEndsAtMostOneRequestBeyondTheBudget() throws Exception {
    start(line("ann's", "name=ann daily-tokens=1000"));
    ModelCard brief = new ModelCard();
    brief.setProvider("nim");
    brief.setId("first/model");
    brief.setMaxOutput(5);
    gateway.context().getRegistry().bind("nim/first/model", brief);
    CompletableFuture<Void> all = new CompletableFuture<>();
    upstream.answer(
        request ->
            request.text().contains("first/model")
                ? Script.json(404, "{\"error\":{\"message\":\"no such model\"}}")
                : Script.after(
                    all,
                    Script.stream(
                        Chunks.text("much"), Chunks.finish("length"), Chunks.usage(10, 290))));
    List<CompletableFuture<Integer>> statuses = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      statuses.add(statusOf(HI.replace(":9,", ":290,")));
    }
    await()
        .until(
            () -> statuses.stream().filter(CompletableFuture::isDone).count(), done -> done == 16);
    all.complete(null);

    assertThat(statuses.stream().filter(status -> status.join() == 200)).hasSize(4);
  }

  private CompletableFuture<Integer> statusOf(String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages"))
            .header("content-type", "application/json")
            .header("x-api-key", "ann's")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient()
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(HttpResponse::statusCode);
  }

  @Test
  void aClientThatLeavesBeforeTheFirstContentPaysForItsInput() throws Exception {
    start(line("ann's", "name=ann daily-tokens=1000"), line("bob's", "name=bob daily-tokens=1000"));
    upstream.enqueue(Script.silence());
    String body = HI.replace("\"Hi\"", "\"" + "word ".repeat(700) + "\"");
    CompletableFuture<Integer> left = statusOf(body);
    upstream.takeCompletion(Duration.ofSeconds(10));
    left.cancel(true);

    await()
        .untilAsserted(() -> assertThat(tokensLeft("ann's")).isLessThan(tokensLeft("bob's") - 600));
  }

  @Test
  void aWebSearchAndACountOfAnUpstreamAreRequests() throws Exception {
    start(line("ann's", "name=ann rpm=2"));
    String search =
        "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":"
            + "\"Perform a web search for the query: camel\"}],"
            + "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]}";
    Provider messages =
        gateway.context().getRegistry().lookupByNameAndType("anthropic", Provider.class);
    messages.setBaseUrl(upstream.url());
    messages.setApiKey("their-key");
    upstream.answerElse(request -> Script.json(200, "{\"input_tokens\":4711}"));
    String count = BODY.formatted("anthropic/m");

    assertThat(ask("ann's", search).statusCode()).isEqualTo(200);
    String path = "/v1/messages/count_tokens";
    assertThat(gateway.post(path, count, "x-api-key", "ann's").body()).contains("4711");
    assertThat(gateway.post(path, count, "x-api-key", "ann's").body())
        .as("an estimate costs nothing")
        .contains("input_tokens")
        .doesNotContain("4711");
    assertThat(ask("ann's", search).statusCode()).isEqualTo(429);
  }

  /** Sets prices: 10 dollars for a million tokens of input, 20 of output. */
  private void price(String model) {
    io.caravan.provider.ModelCard card = new io.caravan.provider.ModelCard();
    card.setProvider("nim");
    card.setId(model);
    card.setInputPrice(10.0);
    card.setOutputPrice(20.0);
    gateway.context().getRegistry().bind("nim/" + model, card);
  }

  private static String unified(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue("anthropic-ratelimit-unified-" + name).orElse(null);
  }

  @Test
  void aBudgetInDollarsIsNoticedAt75And95PercentAndThenHolds() throws Exception {
    // A message costs 10 * 10 + 5 * 20 millionths: 0.0002 dollars.
    start(line("ann's", "name=ann monthly-usd=0.0011"), line("bob's", "name=bob"));
    price("first/model");
    upstream.answer(request -> usage(10, 5));

    HttpResponse<String> first = ask("ann's");
    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(unified(first, "status")).isEqualTo("allowed");
    assertThat(unified(first, "overage-surpassed-threshold")).isNull();
    ask("ann's");
    upstream.answer(request -> usage(10, 20));
    await().untilAsserted(() -> assertThat(used("ann")).isEqualTo(0.0004));
    ask("ann's");
    await().untilAsserted(() -> assertThat(used("ann")).isEqualTo(0.0009));
    HttpResponse<String> warned = ask("ann's");
    assertThat(warned.statusCode()).as(warned.body()).isEqualTo(200);
    assertThat(unified(warned, "status")).isEqualTo("allowed_warning");
    assertThat(unified(warned, "overage-status")).isEqualTo("allowed_warning");
    assertThat(Double.parseDouble(unified(warned, "overage-utilization"))).isBetween(0.8, 1.0);
    assertThat(Double.parseDouble(unified(warned, "overage-surpassed-threshold"))).isIn(0.75, 0.95);
    assertThat(Long.parseLong(unified(warned, "reset")))
        .isGreaterThan(Instant.now().getEpochSecond());
    await().untilAsserted(() -> assertThat(used("ann")).isEqualTo(0.0014));

    HttpResponse<String> refused = ask("ann's");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("rate_limit_error", "0.0011 dollars a month");
    assertThat(unified(refused, "status")).isEqualTo("rejected");
    assertThat(unified(refused, "representative-claim")).isNull();
    assertThat(ask("bob's").headers().map().keySet()).noneMatch(name -> name.contains("unified"));
  }

  private static Script usage(int input, int output) {
    return Script.stream(
        Chunks.role(),
        Chunks.text("Hello"),
        Chunks.finish("stop") + Chunks.usage(input, output) + Chunks.DONE);
  }

  private com.fasterxml.jackson.databind.JsonNode report() {
    try {
      io.caravan.observe.UsageTotals totals =
          gateway.context().getRegistry().findSingleByType(io.caravan.observe.UsageTotals.class);
      return new com.fasterxml.jackson.databind.ObjectMapper().readTree(totals.json());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private double used(String key) {
    for (com.fasterxml.jackson.databind.JsonNode each : report().at("/days/0/keys")) {
      if (each.path("key").asText().equals(key)) {
        return each.path("cost_usd").asDouble();
      }
    }
    return 0;
  }

  @Test
  void theReportHasWhatEachKeyHasUsedOnADay() throws Exception {
    start(line("ann's", "name=ann"), line("bob's", "name=bob"));
    price("first/model");
    upstream.answer(request -> usage(10, 5));
    ask("ann's");
    ask("ann's");
    upstream.answer(request -> Script.json(400, "{\"error\":{\"message\":\"no\"}}"));
    ask("bob's");
    gateway.awaitNothingOpen();

    com.fasterxml.jackson.databind.JsonNode keys = report().at("/days/0/keys");
    assertThat(keys).hasSize(2);
    assertThat(keys.get(0).toString())
        .isEqualTo(
            "{\"key\":\"ann\",\"requests\":2,\"failed\":0,\"input_tokens\":20,\"cached_tokens\":0,"
                + "\"cache_creation_tokens\":0,\"output_tokens\":10,\"cost_usd\":4.0E-4,"
                + "\"requests_without_price\":0}");
    assertThat(keys.get(1).path("failed").asInt()).isEqualTo(1);
  }

  @Test
  void anExpiredKeyIsUnknown() throws Exception {
    String today = java.time.LocalDate.now(java.time.ZoneOffset.UTC).toString();
    start(line("old", "name=old expires=2026-01-31"), line("new", "name=new expires=" + today));

    assertThat(ask("old").statusCode()).isEqualTo(401);
    assertThat(ask("new").statusCode()).isEqualTo(200);
  }
}
