package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.Warnings;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResilienceIT {
  private static final String STREAM =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/first/model, nim/second/model",
            "caravan.keep-alive",
            "300",
            "caravan.retry.total",
            "2000");
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
  void callsAgainBeforeTheFirstContent() throws Exception {
    upstream.enqueue(Script.json(503, "{\"error\":{\"message\":\"busy\"}}"), Script.says("ok"));

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("message_stop");
    assertThat(upstream.completions()).hasSize(2);
    assertThat(answer.headers().firstValue("caravan-tried").orElseThrow())
        .contains("nim/first/model");
  }

  @Test
  void callsAgainWhenTheFirstFrameIsAnError() throws Exception {
    upstream.enqueue(Script.stream(Chunks.error(503, "busy")), Script.says("ok"));

    assertThat(gateway.post("/v1/messages", STREAM).body()).contains("message_stop");
  }

  @Test
  void asksTheNextModelOfTheChainAtLast() throws Exception {
    upstream.answer(
        request ->
            new String(request.body(), StandardCharsets.UTF_8).contains("first/model")
                ? Script.json(500, "{\"error\":{\"message\":\"broken\"}}")
                : Script.says("from the second"));

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM);

    assertThat(answer.body()).contains("second");
  }

  @Test
  void leavesOutWhatAnUpstreamSaysItDoesNotTake() throws Exception {
    upstream.enqueue(
        Script.json(
            400,
            "{\"message\":\"Validation: Unsupported parameter(s): stream_options\",\"type\":\"Bad Request\",\"code\":400}"),
        Script.says("ok"));

    assertThat(gateway.post("/v1/messages", STREAM).body()).contains("message_stop");

    assertThat(new String(upstream.completions().get(1).body(), StandardCharsets.UTF_8))
        .doesNotContain("stream_options");
  }

  @Test
  void doesNotRepeatARequestThatIsAtFault() throws Exception {
    upstream.enqueue(Script.json(400, "{\"error\":{\"message\":\"no such thing\"}}"));

    assertThat(gateway.post("/v1/messages", STREAM).statusCode()).isEqualTo(400);
    assertThat(upstream.completions()).hasSize(1);
  }

  @Test
  void neverRepeatsOnceContentHasGoneOut() throws Exception {
    upstream.enqueue(Script.stream(Chunks.role(), Chunks.text("half")).reset());

    try (Warnings warnings = Warnings.listen()) {
      assertThat(gateway.post("/v1/messages", STREAM).body()).contains("event: error");
      gateway.awaitNothingOpen();
      assertThat(warnings.lines()).isEmpty();
    }
    assertThat(upstream.completions()).hasSize(1);
  }

  @Test
  void endsWithTheLastEventThoughTheUpstreamHoldsTheConnection() throws Exception {
    upstream.enqueue(Script.stream(Chunks.text("all"), Chunks.finish("stop"), Chunks.DONE).stall());

    HttpResponse<String> answer =
        CompletableFuture.supplyAsync(() -> post(STREAM)).get(20, TimeUnit.SECONDS);

    assertThat(answer.body()).contains("message_stop").doesNotContain("event: error");
  }

  private static HttpResponse<String> post(String body) {
    try {
      return gateway.post("/v1/messages", body);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void sendsPingsWhileTheUpstreamIsSilent() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    upstream.enqueue(Script.after(gate, Script.says("late")));
    CompletableFuture<Void> opened =
        CompletableFuture.runAsync(
            () -> gate.complete(null),
            CompletableFuture.delayedExecutor(1200, java.util.concurrent.TimeUnit.MILLISECONDS));

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM);
    opened.join();

    String body = answer.body();
    assertThat(body).startsWith(": ");
    assertThat(body.indexOf("message_start")).isPositive();
    assertThat(body).contains("message_stop");
  }

  @Test
  void reportsAFailureAsAnEventOnceTheResponseIsOpen() throws Exception {
    upstream.enqueue(
        Script.after(Duration.ofSeconds(1), Script.json(400, "{\"error\":{\"message\":\"no\"}}")));

    HttpResponse<String> answer = gateway.post("/v1/messages", STREAM);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("event: error\n").contains("invalid_request_error");
  }
}
