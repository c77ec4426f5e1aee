package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.corpus.SseEvents;
import io.caravan.provider.Provider;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a provider that speaks the Messages API itself. */
class PassThroughIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String START =
      event(
          "message_start",
          "\"message\":{\"id\":\"msg_theirs\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"their/model\","
              + "\"content\":[],\"usage\":{\"input_tokens\":7,\"output_tokens\":1,\"extra\":{\"a\":[1]}}}");
  private static final String REST =
      event(
              "content_block_start",
              "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
          + event(
              "content_block_delta",
              "\"index\":0, \"delta\": {\"type\":\"new_delta\",\"text\":\"Hé \\ud83d\\ude00\"}")
          + event("content_block_stop", "\"index\":0")
          + event(
              "message_delta",
              "\"delta\":{\"stop_reason\":\"end_turn\",\"model\":\"untouched\"},\"usage\":{\"output_tokens\":9}")
          + event("message_stop", "\"from\":\"them\"");
  private static final String BODY =
      "{\"model\": \"anthropic/their/model\", \"max_tokens\": 100, %s\"metadata\":{\"user_id\":\"u\"},"
          + " \"brand_new\": [1, {\"a\" : 2.50}],\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String STREAM = BODY.formatted("\"stream\":true,");

  private static ScriptedUpstream upstream;
  private static Gateway gateway;
  private static final Queue<Script> SCRIPTS = new ConcurrentLinkedQueue<>();
  private static final Queue<Script> COUNTS = new ConcurrentLinkedQueue<>();

  private static String event(String type, String more) {
    return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, more);
  }

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    upstream.answerElse(
        request ->
            request.path().endsWith("/messages")
                ? SCRIPTS.remove()
                : request.path().endsWith("/count_tokens") && !COUNTS.isEmpty()
                    ? COUNTS.remove()
                    : Script.json(404, "{}"));
    gateway =
        Gateway.before(
            upstream,
            // One test's 429 must not hold the next one back.
            "caravan.limits.learn",
            "false",
            "caravan.model.default",
            "anthropic/their/model, nim/other/model",
            "caravan.retry.total",
            "1000");
    Provider provider =
        gateway.context().getRegistry().lookupByNameAndType("anthropic", Provider.class);
    provider.setBaseUrl(upstream.url());
    provider.setApiKey("their-key");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.forget();
    SCRIPTS.clear();
    COUNTS.clear();
  }

  private static List<ReceivedRequest> received() {
    return upstream.everything().stream()
        .filter(request -> request.path().endsWith("/messages"))
        .toList();
  }

  private static String sent() {
    return new String(received().get(0).body(), StandardCharsets.UTF_8);
  }

  @Test
  void passesTheEventsOnAsTheyAreButForTheModelsName() throws Exception {
    SCRIPTS.add(Script.stream(START, REST));

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM);

    assertThat(answer.body())
        .isEqualTo(START.replace("their/model", "anthropic/their/model") + REST);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 429})
  void keepsTheUpstreamsOwnLimitsFromTheClient(int status) throws Exception {
    String limits = "anthropic-ratelimit-requests-remaining: 7";
    String organization = "anthropic-organization-id: theirs";
    SCRIPTS.add(
        status == 200
            ? Script.status(200, limits, organization, "Content-Type: text/event-stream")
                .chunked()
                .write(START)
                .write(REST)
            : Script.json(status, "{\"error\":{\"message\":\"no\"}}", limits, organization));
    SCRIPTS.add(Script.json(400, "{\"error\":{\"message\":\"no\"}}", limits));

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM);

    assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("anthropic-"));
  }

  @Test
  void passesARequestForNoContentOn() throws Exception {
    SCRIPTS.add(
        Script.json(
            200,
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"their/model\","
                + "\"content\":[],\"stop_reason\":\"max_tokens\",\"usage\":{\"input_tokens\":7,\"output_tokens\":0}}"));

    HttpResponse<String> answer =
        gateway.post("/v1/messages", BODY.formatted("").replace("100", "0"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(sent()).contains("\"max_tokens\":0");
  }

  @Test
  void sendsTheRequestAsItCameButForTheModelsName() throws Exception {
    SCRIPTS.add(Script.stream(START, REST));

    gateway.post(
        "/v1/messages",
        STREAM,
        "x-api-key",
        "client-secret",
        "anthropic-version",
        "2026-10-21",
        "anthropic-beta",
        "a-beta,b-beta",
        "x-stainless-lang",
        "js");

    JsonNode expected = JSON.readTree(STREAM.replace("anthropic/their/model", "their/model"));
    assertThat(JSON.readTree(sent())).isEqualTo(expected);
    assertThat(sent()).contains("[1, {\"a\" : 2.50}]");
    String headers = received().get(0).headers().toString();
    assertThat(headers)
        .containsIgnoringCase("Bearer their-key")
        .containsIgnoringCase("2026-10-21")
        .containsIgnoringCase("a-beta,b-beta")
        .doesNotContain("client-secret")
        .doesNotContainIgnoringCase("stainless");
  }

  @Test
  void givesTheProtocolWhatItRequires() throws Exception {
    SCRIPTS.add(Script.stream(START, REST));

    gateway.post("/v1/messages", STREAM.replace("\"max_tokens\": 100,", ""));

    assertThat(JSON.readTree(sent()).get("max_tokens").asInt()).isEqualTo(8192);
    assertThat(received().get(0).headers().toString()).containsIgnoringCase("2023-06-01");
  }

  @Test
  void answersWithoutAStream() throws Exception {
    String message =
        "{\"id\":\"msg_theirs\",\"type\":\"message\",\"model\":\"their/model\",\n\"content\":[{\"model\":\"x\"}],"
            + "\"usage\":{\"input_tokens\":7,\"output_tokens\":9}}";
    SCRIPTS.add(Script.json(200, message));

    HttpResponse<String> answer = gateway.post("/v1/messages", BODY.formatted(""));

    assertThat(answer.body()).isEqualTo(message.replace("their/model", "anthropic/their/model"));
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(JSON.readTree(sent()).has("stream")).isFalse();
  }

  @Test
  void reportsARefusalWithItsStatus() throws Exception {
    SCRIPTS.add(
        Script.json(
            400,
            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too long:"
                + " 250000 tokens > 200000 maximum\"}}"));

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("prompt is too long: 250000 tokens > 200000 maximum");
  }

  @Test
  void keepsTheDetailsOfARefusalThatSdksRead() throws Exception {
    SCRIPTS.add(
        Script.json(
            400,
            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"too large\","
                + "\"details\":{\"error_code\":\"image_dimensions_too_large\",\"max\":8000}}}"));

    JsonNode error = JSON.readTree(gateway.post("/v1/messages", STREAM).body()).get("error");

    assertThat(error.get("message").asText()).isEqualTo("too large");
    assertThat(error.at("/details/error_code").asText()).isEqualTo("image_dimensions_too_large");
    assertThat(error.at("/details/max").asInt()).isEqualTo(8000);
  }

  /** An upstream that doesn't know the field would treat a part as the whole. */
  @Test
  void refusesAConversationThatTheServerIsToKeep() throws Exception {
    HttpResponse<String> answer =
        gateway.post(
            "/v1/messages",
            BODY.formatted("\"thread\":{\"type\":\"continue\",\"previous_message_id\":\"m\"},"));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).at("/error/details/error_code").asText())
        .isEqualTo("thread_unsupported_request");
    assertThat(upstream.everything()).isEmpty();
  }

  @Test
  void callsAgainAndThenTheNextOfTheChainAlsoAcrossProtocols() throws Exception {
    for (int i = 0; i < 9; i++) {
      SCRIPTS.add(
          Script.stream(
              START,
              event("error", "\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}")));
    }
    upstream.answer(request -> Script.says("from the other protocol"));

    HttpResponse<String> answer =
        gateway.post("/v1/messages", STREAM.replace("anthropic/their/model", "claude-sonnet"));

    assertThat(answer.body()).contains("protocol").contains("event: message_stop\n");
    assertThat(answer.body()).doesNotContain("msg_theirs");
    assertThat(received()).isNotEmpty();
  }

  @Test
  void reportsAFailureInMidStreamAsAnErrorEvent() throws Exception {
    String half = START + REST.substring(0, REST.indexOf("event: content_block_stop"));
    SCRIPTS.add(Script.stream(half).reset());
    SCRIPTS.add(
        Script.stream(
            half, event("error", "\"error\":{\"type\":\"api_error\",\"message\":\"it died\"}")));
    SCRIPTS.add(Script.stream(half));

    String reset = gateway.post("/v1/messages", STREAM).body();
    String error = gateway.post("/v1/messages", STREAM).body();
    String ended = gateway.post("/v1/messages", STREAM).body();

    for (String body : List.of(reset, error, ended)) {
      assertThat(body).contains("new_delta").contains("event: error\n");
      assertThat(body).doesNotContain("message_stop");
    }
    assertThat(error).contains("it died");
    assertThat(received()).hasSize(3);
  }

  /** The connection may end in the middle of an event; the client must be able to read the rest. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"ty",
        "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"text\" \"a\"}}\n\n",
        "data: {\"type\":\"ping\"}{}\n\n",
        "data: {\"type\":\"ping\\n\\ndata: {}\"}\n\n",
        "data: {\"type\":\"p\\ud800ng\"}\n\n",
        "data: {\"type\":7.5e\n\n"
      })
  void passesNoEventOnThatAClientCouldNotRead(String broken) throws Exception {
    SCRIPTS.add(
        Script.stream(
            START, REST.substring(0, REST.indexOf("event: content_block_stop")) + broken));

    String answer = gateway.post("/v1/messages", STREAM).body();

    List<String> faults = new ArrayList<>();
    List<JsonNode> events = SseEvents.parse(answer, faults);
    assertThat(faults).isEmpty();
    assertThat(events.get(events.size() - 1).get("type").asText()).isEqualTo("error");
  }

  /** Some parsers ignore it; the clients' parsers don't. */
  @Test
  void takesAByteOrderMarkOutOfAnEvent() throws Exception {
    SCRIPTS.add(Script.stream(START, REST.replace("data: ", "data: \ufeff")));

    String answer = gateway.post("/v1/messages", STREAM).body();

    assertThat(answer).isEqualTo(START.replace("their/model", "anthropic/their/model") + REST);
  }

  @Test
  void reportsAnUpstreamThatSendsNoEventAtAll() throws Exception {
    for (int i = 0; i < 9; i++) {
      SCRIPTS.add(Script.stream("data: {\"detail\":\"this is no event\"}\n\n"));
    }

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM);

    assertThat(answer.statusCode()).isGreaterThanOrEqualTo(500);
    assertThat(answer.body()).doesNotContain("The gateway failed");
  }

  @Test
  void endsWithTheLastEventWhateverTheConnectionDoesThen() throws Exception {
    SCRIPTS.add(Script.stream(START, REST).reset());
    SCRIPTS.add(Script.stream(START, REST).stall());

    for (int i = 0; i < 2; i++) {
      String answer = gateway.post("/v1/messages", STREAM).body();
      assertThat(answer).contains("message_stop").doesNotContain("event: error");
    }
  }

  @Test
  void forwardsEachEventWhenItComesAndAbortsTheUpstreamWhenTheClientLeaves() throws Exception {
    SCRIPTS.add(
        Script.stream(START, REST.substring(0, REST.indexOf("event: content_block_stop"))).stall());

    HttpResponse<InputStream> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages"))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(STREAM))
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (!line.contains("new_delta")) {
        line = lines.readLine();
      }
    }

    CompletableFuture<?> gone = received().get(0).clientGone();
    assertThat(gone.get(5, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void countsWhatItCost() throws Exception {
    SCRIPTS.add(Script.stream(START, REST));
    MeterRegistry meters = gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
    double before = outputTokens(meters);

    gateway.post("/v1/messages", STREAM);

    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(outputTokens(meters)).isEqualTo(before + 9));
  }

  @Test
  void asksTheUpstreamForItsOwnCount() throws Exception {
    COUNTS.add(Script.json(200, "{\"input_tokens\": 4711}"));
    String body = BODY.formatted("").replace("\"max_tokens\": 100,", "");

    HttpResponse<String> answer =
        gateway.post(
            "/v1/messages/count_tokens?beta=true", body, "anthropic-beta", "token-counting");

    assertThat(answer.body()).isEqualTo("{\"input_tokens\":4711}");
    assertThat(answer.headers().firstValue("caravan-count")).hasValue("upstream");
    ReceivedRequest asked = upstream.everything().get(0);
    assertThat(asked.path()).endsWith("/messages/count_tokens");
    assertThat(JSON.readTree(asked.body()))
        .isEqualTo(JSON.readTree(body.replace("anthropic/their/model", "their/model")));
    assertThat(asked.headers().toString()).containsIgnoringCase("Bearer their-key");
    assertThat(asked.headers().toString()).containsIgnoringCase("token-counting");
  }

  /**
   * Claude Code sends 26 count requests at once; one is enough for an upstream without that API.
   */
  @Test
  void countsItselfWhereTheUpstreamDoesNot() throws Exception {
    String body = BODY.formatted("");
    COUNTS.add(Script.json(400, "{\"error\":{\"message\":\"not this one\"}}"));
    COUNTS.add(Script.json(404, "{}"));

    for (int i = 0; i < 4; i++) {
      HttpResponse<String> answer = gateway.post("/v1/messages/count_tokens", body);

      assertThat(answer.headers().firstValue("caravan-count")).hasValue("estimate");
      int counted = JSON.readTree(answer.body()).get("input_tokens").asInt();
      assertThat(counted).isBetween(5, 50);
    }
    assertThat(upstream.everything()).hasSize(2);
  }

  @Test
  void anEstimateSaysSo() throws Exception {
    HttpResponse<String> answer =
        gateway.post("/v1/messages/count_tokens", BODY.formatted("").replace("anthropic/", "nim/"));

    assertThat(answer.headers().firstValue("caravan-count")).hasValue("estimate");
    assertThat(upstream.everything()).isEmpty();
  }

  private static double outputTokens(MeterRegistry meters) {
    return meters
        .find("caravan_tokens")
        .tag("provider", "anthropic")
        .tag("kind", "output")
        .counters()
        .stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }
}
