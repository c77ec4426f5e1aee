package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MessagesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":100,%s\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String STREAM = HI.formatted("\"stream\":true,");
  private static final String WHOLE = HI.formatted("");

  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway = Gateway.before(upstream, "caravan.model.default", "nim/test/model");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.forget();
  }

  @Test
  void streamsAMessage() throws Exception {
    upstream.enqueue(Script.says("Hello there"));

    HttpResponse<String> answer = gateway.post("/v1/messages?beta=true", STREAM);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type"))
        .hasValue("text/event-stream; charset=utf-8");
    assertThat(answer.headers().firstValue("request-id").orElseThrow()).startsWith("req_");
    assertThat(answer.body())
        .startsWith("event: message_start\ndata: ")
        .contains("\"text\":\"Hello \"")
        .contains("\"stop_reason\":\"end_turn\"")
        .contains("event: message_stop\n")
        .endsWith("\n\n");
  }

  @Test
  void answersWithoutAStreamFromTheSameEvents() throws Exception {
    upstream.enqueue(Script.says("Hello there"));

    HttpResponse<String> answer = gateway.post("/v1/messages", WHOLE);

    JsonNode message = JSON.readTree(answer.body());
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(message.at("/content/0/text").asText()).isEqualTo("Hello there");
    assertThat(message.at("/model").asText()).isEqualTo("claude-sonnet");
    assertThat(message.at("/usage/input_tokens").asInt()).isEqualTo(10);
    assertThat(message.at("/stop_reason").asText()).isEqualTo("end_turn");
  }

  @Test
  void sendsTheUpstreamNoMoreThanItNeeds() throws Exception {
    upstream.enqueue(Script.says("ok"));

    gateway.post(
        "/v1/messages",
        STREAM,
        "x-api-key",
        "client-secret",
        "anthropic-beta",
        "some-beta",
        "x-stainless-lang",
        "js");

    ReceivedRequest received = upstream.takeCompletion(Duration.ofSeconds(5));
    JsonNode body = JSON.readTree(received.body());
    assertThat(body.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "model", "messages", "max_tokens", "reasoning_effort", "stream", "stream_options");
    assertThat(body.get("model").asText()).isEqualTo("test/model");
    assertThat(received.header("Accept-Encoding")).isEqualTo("identity");
    assertThat(received.headers().toString())
        .doesNotContain("client-secret")
        .doesNotContain("some-beta")
        .doesNotContainIgnoringCase("stainless");
  }

  @Test
  void sendsNoHeaderOfTheClientBack() throws Exception {
    upstream.enqueue(Script.says("ok"), Script.says("ok"));
    String[] headers = {"x-api-key", "client-secret", "x-canary", "canary"};

    for (String body : new String[] {STREAM, WHOLE, "{"}) {
      HttpResponse<String> answer = gateway.post("/v1/messages?canary=1", body, headers);

      assertThat(answer.headers().map().toString())
          .doesNotContain("client-secret")
          .doesNotContain("canary");
    }
  }

  /** One delta contains a whole file, which exceeds every buffer on the way. */
  @Test
  void takesAnEventOfAMegabyte() throws Exception {
    String text = "line of a file\\n".repeat(70_000);
    upstream.enqueue(
        Script.stream(
            Chunks.role(),
            Chunks.text(text.replace("\\n", "\n")),
            Chunks.finish("stop") + Chunks.DONE));

    String body = gateway.post("/v1/messages", STREAM).body();

    assertThat(body).contains("\"text\":\"" + text + "\"").contains("event: message_stop\n");
  }

  @Test
  void writesEachTokenWhenItComes() throws Exception {
    CompletableFuture<Void> seen = new CompletableFuture<>();
    upstream.enqueue(
        Script.stream(Chunks.role(), Chunks.text("first"))
            .await(seen)
            .write(Chunks.text("second") + Chunks.finish("stop") + Chunks.DONE));

    HttpResponse<java.io.InputStream> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages"))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(STREAM))
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      // The upstream continues only after the first token was read here: none may be delayed.
      assertThat(lineWith("\"text\":\"first\"", lines)).isNotNull();
      seen.complete(null);
      assertThat(lineWith("\"text\":\"second\"", lines)).isNotNull();
      assertThat(lineWith("message_stop", lines)).isNotNull();
    }
  }

  private static String lineWith(String text, BufferedReader lines) throws Exception {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.contains(text)) {
        return line;
      }
    }
    return null;
  }

  @Test
  void abortsTheUpstreamWhenTheClientLeaves() throws Exception {
    upstream.enqueue(Script.stream(Chunks.role(), Chunks.text("first")).stall());

    CompletableFuture<HttpResponse<java.io.InputStream>> call =
        HttpClient.newHttpClient()
            .sendAsync(
                HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages"))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(STREAM))
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    ReceivedRequest received = upstream.takeCompletion(Duration.ofSeconds(5));
    call.get(5, TimeUnit.SECONDS).body().close();

    assertThat(received.clientGone().get(5, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void abortsTheUpstreamBeforeItsFirstByte() throws Exception {
    upstream.enqueue(Script.silence());

    CompletableFuture<HttpResponse<String>> call =
        HttpClient.newHttpClient()
            .sendAsync(
                HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages"))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(WHOLE))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    ReceivedRequest received = upstream.takeCompletion(Duration.ofSeconds(5));
    call.cancel(true);

    assertThat(received.clientGone().get(5, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void passesAnUpstreamsRefusalOnWithItsStatus() throws Exception {
    upstream.enqueue(Script.json(401, "{\"error\":{\"message\":\"bad key\",\"type\":\"auth\"}}"));

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM);

    JsonNode error = JSON.readTree(answer.body());
    assertThat(error.at("/type").asText()).isEqualTo("error");
    assertThat(error.at("/error/message").asText()).contains("NVIDIA_API_KEY");
    assertThat(error.at("/request_id").asText())
        .isEqualTo(answer.headers().firstValue("request-id").orElseThrow());
  }

  @Test
  void reportsAFailureInMidStreamAsAnErrorEvent() throws Exception {
    upstream.enqueue(Script.stream(Chunks.role(), Chunks.text("half")).reset());

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"text\":\"half\"")
        .contains("event: error\n")
        .doesNotContain("message_stop");
  }

  @Test
  void countsTheSameTokensForAMessageAndByItself() throws Exception {
    upstream.enqueue(Script.stream(Chunks.role(), Chunks.text("x"), Chunks.finish("stop")));

    String streamed = gateway.post("/v1/messages", STREAM).body();
    int counted =
        JSON.readTree(gateway.post("/v1/messages/count_tokens", WHOLE).body())
            .get("input_tokens")
            .asInt();

    assertThat(counted).isPositive();
    assertThat(streamed).contains("\"input_tokens\":" + counted + ",");
  }

  @Test
  void answersBadRequestsWithThePathOfTheField() throws Exception {
    HttpResponse<String> answer =
        gateway.post(
            "/v1/messages", "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":7}]}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).at("/error/message").asText())
        .startsWith("messages.0.content");
  }
}
