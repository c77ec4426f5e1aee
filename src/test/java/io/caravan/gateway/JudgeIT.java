package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.corpus.SseEvents;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import io.caravan.provider.VerdictSource;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the verdicts on tool calls that Claude Code's auto mode waits for. */
class JudgeIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ALLOW = "{\"verdict\":\"allow\",\"reason\":\"harmless\"}";
  private static final String BLOCK =
      "{\"verdict\": \"block\", \"reason\": \"it deletes the home directory\"}";
  private static final String ASKS =
      ",\"safeguards\":[{\"type\":\"dangerous_tool_use\",\"classifier_context\":{\"v\":1,"
          + "\"live_cwd\":\"/w\",\"rules\":{\"allow\":[],\"deny\":[{\"rule\":\"Bash(shutdown:*)\","
          + "\"source\":\"userSettings\"}],\"ask\":[]},\"auto_mode\":{\"hard_deny\":[\"No prod\"]}}}]";
  private static final String END =
      Chunks.finish("tool_calls") + Chunks.usage(100, 10) + Chunks.DONE;

  @TempDir Path directory;

  private final CompletableFuture<Void> gate = new CompletableFuture<>();
  private ScriptedUpstream upstream;
  private Function<ReceivedRequest, Script> judge = request -> says(ALLOW);
  private Function<ReceivedRequest, Script> model = request -> calls("ls");
  private Gateway gateway;

  @BeforeEach
  void prepare() {
    upstream = ScriptedUpstream.start();
    upstream.answer(request -> isJudge(request) ? judge.apply(request) : model.apply(request));
  }

  @AfterEach
  void stop() {
    gate.complete(null);
    gateway.close();
    upstream.close();
  }

  private static boolean isJudge(ReceivedRequest request) {
    return request.text().contains("\"model\":\"the/judge\"");
  }

  private List<ReceivedRequest> judgeCalls() {
    return upstream.completions().stream().filter(JudgeIT::isJudge).toList();
  }

  private void start(String... settings) throws Exception {
    startWith(null, settings);
  }

  private void startWith(RouteBuilder own, String... settings) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of("caravan.model.default", "nim/m", "caravan.judge.model", "nim/the/judge"));
    all.addAll(List.of(settings));
    gateway = Gateway.before(upstream, own, all.toArray(String[]::new));
  }

  private static Script says(String text) {
    return Script.stream(
        Chunks.role(), Chunks.text(text), Chunks.finish("stop"), Chunks.usage(50, 5), Chunks.DONE);
  }

  private static String call(int index, String command) {
    return Chunks.toolCall(
        index, "call_" + index, "Bash", "{\"command\":" + Chunks.quote(command) + "}");
  }

  private static Script calls(String... commands) {
    StringBuilder chunks = new StringBuilder(Chunks.role());
    for (int i = 0; i < commands.length; i++) {
      chunks.append(call(i, commands[i]));
    }
    return Script.stream(chunks + END);
  }

  private static String body(boolean stream, String more) {
    return "{\"model\":\"claude-opus\",\"max_tokens\":1000,\"stream\":"
        + stream
        + ",\"tools\":[{\"name\":\"Bash\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"command\":"
        + "{\"type\":\"string\"}}}}],\"messages\":[{\"role\":\"user\",\"content\":\"List the files\"}]"
        + more
        + "}";
  }

  private String post(boolean stream, String more) throws Exception {
    return gateway.post("/v1/messages", body(stream, more)).body();
  }

  /** Returns the safeguard results of a streamed message, which stand in its last delta alone. */
  private static JsonNode streamed(String body) throws Exception {
    JsonNode results = null;
    for (JsonNode event : SseEvents.parse(body, new ArrayList<>())) {
      JsonNode here = event.findValue("safeguard_results");
      if (here != null) {
        assertThat(event.get("type").asText()).isEqualTo("message_delta");
        assertThat(event.get("delta").get("safeguard_results")).isEqualTo(here);
        results = here;
      }
    }
    return results;
  }

  private static String id(String body) {
    return body.replaceAll("(?s).*?\"type\":\"tool_use\",\"id\":\"([^\"]+)\".*", "$1");
  }

  private static JsonNode available(JsonNode results) {
    assertThat(results).hasSize(1);
    assertThat(results.get(0).get("type").asText()).isEqualTo("dangerous_tool_use");
    assertThat(results.get(0).get("status").get("type").asText()).isEqualTo("available");
    return results.get(0).get("status").get("tool_uses");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAllowedCallIsNotFlagged(boolean stream) throws Exception {
    start();

    String body = post(stream, ASKS);

    JsonNode results = stream ? streamed(body) : JSON.readTree(body).get("safeguard_results");
    assertThat(available(results).toString())
        .isEqualTo(
            "{\"%s\":{\"type\":\"evaluated\",\"outcome\":\"not_flagged\"}}".formatted(id(body)));
    assertThat(judgeCalls()).hasSize(1);
    assertThat(judgeCalls().get(0).text())
        .contains("response_format")
        .contains("call_to_judge")
        .contains("List the files");
    gateway.awaitNothingOpen();
  }

  @Test
  void aBlockedCallIsFlaggedWithTheJudgesWords() throws Exception {
    judge = request -> says(BLOCK);
    start();

    JsonNode verdict = available(streamed(post(true, ASKS))).elements().next();

    assertThat(verdict.get("outcome").asText()).isEqualTo("flagged");
    assertThat(verdict.get("explanation").asText()).isEqualTo("it deletes the home directory");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "no JSON at all",
        "{\"verdict\":\"allow\"}",
        "{\"verdict\":\"allow\",\"reason\":\"a\"",
        "{\"verdict\":\"allow\",\"reason\":\"a\"} and more",
        "{\"verdict\":\"block\",\"verdict\":\"allow\",\"reason\":\"a\"}",
        "{\"verdict\":\"ALLOW\",\"reason\":\"a\"}",
        "{\"verdict\":\"allow\",\"reason\":\"a\",\"sure\":true}",
        "[{\"verdict\":\"allow\",\"reason\":\"a\"}]",
        "{\"verdict\":true,\"reason\":\"a\"}"
      })
  void anythingElseIsUnavailable(String reply) throws Exception {
    judge = request -> says(reply);
    start();

    assertThat(available(streamed(post(true, ASKS))).elements().next().toString())
        .isEqualTo("{\"type\":\"unavailable\",\"reason\":\"error\"}");
  }

  @Test
  void aCutOffOrFailedReplyIsUnavailable() throws Exception {
    start();
    List<Script> replies =
        List.of(
            Script.stream(Chunks.text(ALLOW) + Chunks.finish("length") + Chunks.DONE),
            Script.stream(Chunks.text(ALLOW)),
            Script.json(500, "{\"error\":{\"message\":\"no\"}}"),
            Script.json(400, "{\"error\":{\"message\":\"response_format is not supported\"}}"),
            Script.stream(Chunks.text(ALLOW) + Chunks.finish("content_filter") + Chunks.DONE));
    for (Script reply : replies) {
      judge = request -> reply;
      String body = post(true, ASKS);
      assertThat(available(streamed(body)).elements().next().get("type").asText())
          .isEqualTo("unavailable");
      assertThat(body).contains("event: message_stop");
    }
    // Each judge was called once for each call: nothing is tried again, nothing learned.
    assertThat(judgeCalls()).hasSize(replies.size());
  }

  @Test
  void aLateJudgeIsUnavailableAndItsCallIsEnded() throws Exception {
    judge = request -> Script.after(gate, says(ALLOW));
    start("caravan.judge.timeout", "300", "caravan.keep-alive", "100");

    String body = post(true, ASKS);

    assertThat(available(streamed(body)).elements().next().toString())
        .isEqualTo("{\"type\":\"unavailable\",\"reason\":\"timeout\"}");
    await().until(() -> judgeCalls().get(0).wasAborted());
    assertThat(body).contains("event: ping");
    gateway.awaitNothingOpen();
  }

  @Test
  void callsAreJudgedInParallelWhileTheStreamGoesOn() throws Exception {
    CompletableFuture<Void> judged = new CompletableFuture<>();
    model =
        request ->
            Script.stream(Chunks.role(), call(0, "ls"), call(1, "pwd"))
                .await(judged)
                .write(call(2, "date") + END);
    start();
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.post("/v1/messages", body(true, ASKS));

      // The first call's block is whole, and it is judged before the model has ended.
      await().untilAsserted(() -> assertThat(judgeCalls()).hasSize(1));
      assertThat(judgeCalls().get(0).text()).contains("ls").doesNotContain("pwd");
      judged.complete(null);
      String rest = client.readUntil("message_stop");

      assertThat(rest).contains("\"not_flagged\"},\"").doesNotContain("unavailable");
    }
    assertThat(judgeCalls()).hasSize(3);
    assertThat(judgeCalls().stream().filter(c -> c.text().contains("date"))).hasSize(1);
  }

  @Test
  void threeJudgesRunAtTheSameTime() throws Exception {
    model = request -> calls("one", "two", "three");
    judge = request -> Script.after(gate, says(request.text().contains("rm ") ? BLOCK : ALLOW));
    start();
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.post("/v1/messages", body(true, ASKS));
      await().untilAsserted(() -> assertThat(judgeCalls()).hasSize(3));
      // All blocks are out; only the last events wait.
      assertThat(client.readUntil("\"index\":2}")).doesNotContain("message_delta");
      gate.complete(null);
      assertThat(client.readUntil("message_stop").split("not_flagged", -1)).hasSize(4);
    }
  }

  @Test
  void aCallIsShownWithThoseBeforeItInTheTurn() throws Exception {
    model = request -> calls("echo 'rm -rf ~' > x.sh", "sh x.sh");
    start();

    post(true, ASKS);

    assertThat(judgeCalls())
        .anySatisfy(
            call ->
                assertThat(call.text())
                    .containsSubsequence(
                        "calls_before_it_in_this_turn", "> x.sh", "call_to_judge", "sh x.sh"));
  }

  @Test
  void theJudgeAtTheSameProviderDoesNotWaitForTheMessageThatWaitsForIt() throws Exception {
    start("caravan.nim.max-concurrency", "1", "caravan.judge.timeout", "5000");

    for (boolean stream : new boolean[] {true, false}) {
      long start = System.nanoTime();
      assertThat(post(stream, ASKS)).contains("not_flagged");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }
  }

  @Test
  void theJudgeGoesBeforeNewTurns() throws Exception {
    model =
        request ->
            request.text().contains("safeguard-turn")
                ? Script.stream(Chunks.role()).await(gate).write(call(0, "ls") + END)
                : says("ok");
    start("caravan.nim.max-concurrency", "1");
    try (RawClient turn = RawClient.connect(gateway.port());
        RawClient other = RawClient.connect(gateway.port())) {
      turn.post("/v1/messages", body(true, ASKS).replace("List the files", "safeguard-turn"));
      upstream.takeCompletion(SOON);
      other.post("/v1/messages", body(true, "").replace("List the files", "new turn"));
      await()
          .until(
              () ->
                  registry().get("caravan_limit_queued").tag("provider", "nim").gauge().value()
                      == 1);
      gate.complete(null);

      turn.readUntil("message_stop");
      other.readUntil("message_stop");
    }
    List<ReceivedRequest> order = upstream.completions();
    assertThat(isJudge(order.get(1))).as("the judge came before the new turn").isTrue();
  }

  private MeterRegistry registry() {
    return gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
  }

  @Test
  void nothingChangesForTurnsWithoutCallsAndClientsThatDoNotAsk() throws Exception {
    start();
    model = request -> says("Hello");
    assertThat(normal(post(true, ASKS))).isEqualTo(normal(post(true, "")));
    assertThat(normal(post(false, ASKS))).isEqualTo(normal(post(false, "")));
    model = request -> calls("ls");
    assertThat(post(true, "")).doesNotContain("safeguard");
    assertThat(post(true, ",\"safeguards\":null")).doesNotContain("safeguard");
    assertThat(post(true, ",\"safeguards\":[{\"type\":\"other\"}]")).doesNotContain("safeguard");
    assertThat(judgeCalls()).isEmpty();
  }

  private static String normal(String body) {
    return body.replaceAll("msg_[0-9A-Za-z]+", "msg");
  }

  @Test
  void withoutAJudgeTheClientIsToldSo() throws Exception {
    start("caravan.judge.model", "");

    assertThat(streamed(post(true, ASKS)).toString())
        .isEqualTo("[{\"type\":\"dangerous_tool_use\",\"status\":{\"type\":\"unsupported\"}}]");
    assertThat(JSON.readTree(post(false, ASKS)).get("safeguard_results").toString())
        .contains("unsupported");
  }

  @Test
  void theUsersOwnRuleFlagsWithoutAJudge() throws Exception {
    model = request -> calls("ls && shutdown now");
    start();

    assertThat(available(streamed(post(true, ASKS))).elements().next().get("explanation").asText())
        .contains("Bash(shutdown:*)");
    assertThat(judgeCalls()).isEmpty();
  }

  @Test
  void aCallThatIsNoJsonOrWasCutOffIsUnavailable() throws Exception {
    model =
        request ->
            Script.stream(
                Chunks.role()
                    + Chunks.toolCall(0, "c", "Bash", "{\"command\":\"rm -rf")
                    + Chunks.finish("length")
                    + Chunks.DONE);
    start();

    assertThat(available(streamed(post(true, ASKS))).elements().next().toString())
        .isEqualTo("{\"type\":\"unavailable\",\"reason\":\"truncated\"}");
    assertThat(judgeCalls()).isEmpty();
  }

  @Test
  void theJudgeIsSeenInHeaderMetricsAndSpend() throws Exception {
    Path keys = directory.resolve("keys");
    Files.writeString(
        keys, "sha256:" + sha("ann") + " name=ann rpm=1 models=claude-opus daily-tokens=100000\n");
    start(
        "caravan.client-keys-file",
        keys.toString(),
        "caravan.ledger.file",
        directory.resolve("usage").toString());

    HttpResponse<String> whole =
        gateway.post("/v1/messages", body(false, ASKS), "x-api-key", "ann");

    assertThat(whole.body()).contains("not_flagged");
    assertThat(whole.headers().firstValue("caravan-judge").orElseThrow())
        .matches("1 by nim/the/judge, \\d+ ms");
    assertThat(registry().get("caravan_judge").tag("judge", "nim/the/judge").timer().count())
        .isEqualTo(1);
    assertThat(
            registry()
                .get("caravan_tokens")
                .tag("model", "the/judge")
                .tag("kind", "input")
                .counter()
                .count())
        .isEqualTo(50);
    await()
        .untilAsserted(
            () -> assertThat(Files.readString(directory.resolve("usage"))).contains("165"));
  }

  static String sha(String key) throws Exception {
    byte[] hash =
        java.security.MessageDigest.getInstance("SHA-256")
            .digest(key.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return java.util.HexFormat.of().formatHex(hash);
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "text", "garbled", "fails"})
  void aRouteOfOnesOwnJudges(String kind) throws Exception {
    startWith(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:own-judge")
                .process(
                    exchange -> {
                      String shown = exchange.getMessage().getBody(String.class);
                      assertThat(shown).contains("call_to_judge");
                      switch (kind) {
                        case "map" ->
                            exchange
                                .getMessage()
                                .setBody(java.util.Map.of("verdict", "allow", "reason", "fine"));
                        case "text" -> exchange.getMessage().setBody(ALLOW);
                        case "garbled" -> exchange.getMessage().setBody("allow");
                        default -> throw new IllegalStateException("down");
                      }
                    });
          }
        },
        "caravan.judge.route",
        "direct:own-judge");

    String body = post(true, ASKS);

    boolean right = kind.equals("map") || kind.equals("text");
    assertThat(body).contains(right ? "not_flagged" : "unavailable");
    assertThat(judgeCalls()).isEmpty();
  }

  @Test
  void aCallThatDoesNotFitTheJudgeIsUnavailableAndNeverClipped() throws Exception {
    model = request -> calls("echo " + "words that count ".repeat(4000));
    start();
    gateway.context().getRegistry().bind("nim/the/judge", card(8000));

    assertThat(available(streamed(post(true, ASKS))).elements().next().toString())
        .isEqualTo("{\"type\":\"unavailable\",\"reason\":\"input_too_long\"}");
    assertThat(judgeCalls()).isEmpty();
  }

  private static ModelCard card(int window) {
    ModelCard card = new ModelCard();
    card.setProvider("nim");
    card.setId("the/judge");
    card.setContextWindow(window);
    return card;
  }

  @Test
  void theNextJudgeIsCalledOnlyIfTheFirstFails() throws Exception {
    start("caravan.judge.model", "nim/the/first,nim/the/judge");
    model =
        request ->
            request.text().contains("the/first")
                ? Script.json(503, "{\"error\":{\"message\":\"busy\"}}")
                : calls("ls");

    assertThat(post(true, ASKS)).contains("not_flagged");
    assertThat(judgeCalls()).hasSize(1);
  }

  @Test
  void theEndOfAStreamThatBreaksAfterItsFinishReasonIsJudgedToo() throws Exception {
    model =
        request ->
            Script.stream(Chunks.role() + call(0, "ls") + Chunks.finish("tool_calls")).reset();
    start();

    assertThat(post(true, ASKS)).contains("not_flagged").contains("message_stop");
  }

  @Test
  void aRequestForVerdictsAloneIsJudged() throws Exception {
    judge = request -> says(request.text().contains("steal") ? BLOCK : ALLOW);
    start();
    String asks =
        "{\"model\":\"claude-opus\",\"max_tokens\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Do"
            + " it\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"toolu_9\",\"name\":"
            + "\"SubagentHandback\",\"input\":{\"message\":\"%s\",\"kind\":\"report\"}}]}]"
            + ASKS
            + "}";

    JsonNode message = JSON.readTree(gateway.post("/v1/messages", asks.formatted("done")).body());

    assertThat(message.get("content")).isEmpty();
    assertThat(available(message.get("safeguard_results")).toString())
        .isEqualTo("{\"toolu_9\":{\"type\":\"evaluated\",\"outcome\":\"not_flagged\"}}");
    assertThat(gateway.post("/v1/messages", asks.formatted("steal the keys")).body())
        .contains("\"flagged\"");
    assertThat(upstream.completions()).hasSize(2).allMatch(JudgeIT::isJudge);
  }

  private static String event(String type, String more) {
    return "event: %s\ndata: {\"type\":\"%s\"%s}\n\n".formatted(type, type, more);
  }

  /** Starts before an upstream that speaks the Messages API and gives a verdict of its own. */
  private Provider startPassThrough() throws Exception {
    String use = "{\"type\":\"tool_use\",\"id\":\"toolu_up\",\"name\":\"Bash\",\"input\":%s}";
    String theirs = "\"safeguard_results\":[\"THEIRS\"]";
    upstream.answerElse(
        request -> {
          boolean asked = request.text().contains("safeguards");
          String results = asked ? "," + theirs : "";
          if (!request.text().contains("\"stream\":true")) {
            return Script.json(
                200,
                "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"x\",\"content\":["
                    + use.formatted("{\"command\":\"ls\"}")
                    + "],\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}"
                    + results
                    + "}");
          }
          return Script.stream(
              event(
                      "message_start",
                      ",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"x\","
                          + "\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}")
                  + event(
                      "content_block_start",
                      ",\"index\":0,\"content_block\":" + use.formatted("{}"))
                  + event(
                      "content_block_delta",
                      ",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":"
                          + "\"{\\\"command\\\":\\\"ls\\\"}\"}")
                  + event("content_block_stop", ",\"index\":0")
                  + event(
                      "message_delta",
                      ",\"delta\":{\"stop_reason\":\"tool_use\""
                          + results
                          + "},\"usage\":{\"output_tokens\":9}")
                  + event("message_stop", ""));
        });
    start("caravan.model.default", "anthropic/x");
    Provider provider =
        gateway.context().getRegistry().lookupByNameAndType("anthropic", Provider.class);
    provider.setBaseUrl(upstream.url());
    return provider;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void callsOfAnUpstreamWithTheMessagesApiAreJudgedToo(boolean stream) throws Exception {
    startPassThrough();

    String body = post(stream, ASKS);

    JsonNode results = stream ? streamed(body) : JSON.readTree(body).get("safeguard_results");
    assertThat(available(results).toString())
        .isEqualTo("{\"toolu_up\":{\"type\":\"evaluated\",\"outcome\":\"not_flagged\"}}");
    assertThat(judgeCalls()).hasSize(1);
    assertThat(judgeCalls().get(0).text()).contains("\\\"command\\\":\\\"ls\\\"");
    assertThat(body).contains("claude-opus");
    if (stream) {
      assertThat(body).endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUpstreamThatGivesVerdictsItselfIsNotJudged(boolean stream) throws Exception {
    startPassThrough().setSafeguards(VerdictSource.PASS);

    assertThat(post(stream, ASKS)).contains("THEIRS");
    assertThat(judgeCalls()).isEmpty();
  }

  @Test
  void aClientThatLeavesEndsTheJudge() throws Exception {
    judge = request -> Script.after(gate, says(ALLOW));
    start();
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.post("/v1/messages", body(true, ASKS));
      await().untilAsserted(() -> assertThat(judgeCalls()).hasSize(1));
    }
    await().until(() -> judgeCalls().get(0).wasAborted());
    gateway.awaitNothingOpen();
  }
}
