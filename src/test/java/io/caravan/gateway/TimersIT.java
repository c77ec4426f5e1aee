package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests silent upstreams: each timer ends the wait, and the client gets an error. */
@Timeout(60)
class TimersIT {
  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/test/model",
            "caravan.retry.attempts",
            "1",
            "caravan.keep-alive",
            "200",
            "caravan.upstream.first-byte-timeout",
            "1500",
            "caravan.upstream.byte-idle-timeout",
            "1500",
            "caravan.upstream.payload-idle-timeout",
            "3000",
            "caravan.upstream.total-timeout",
            "6000");
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

  @AfterEach
  void theNextRequestWorks() throws Exception {
    upstream.enqueue(Script.says("still here"));
    assertThat(gateway.post("/v1/messages", message(true)).body()).contains("message_stop");
  }

  @Test
  void firstByte() throws Exception {
    upstream.enqueue(Script.silence());

    HttpResponse<String> answer = gateway.post("/v1/messages", message(false));

    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(answer.body()).contains("timeout_error");
  }

  @Test
  void firstByteOfAStreamThatPingsHaveOpened() throws Exception {
    upstream.enqueue(Script.silence());

    HttpResponse<String> answer = gateway.post("/v1/messages", message(true));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).startsWith(": ").contains("event: error\n").doesNotContain("ping");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void silenceInMidStream(boolean stream) throws Exception {
    upstream.enqueue(Script.stream(Chunks.role(), Chunks.text("half")).stall());

    assertThat(gateway.post("/v1/messages", message(stream)).body())
        .contains(stream ? "event: error\n" : "timeout_error")
        .doesNotContain("message_stop");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void commentsAloneDoNotKeepAnUpstreamAlive(boolean stream) throws Exception {
    upstream.enqueue(
        Script.stream(Chunks.role(), Chunks.text("half"))
            .endlessly(Chunks.comment("keep-alive"), Duration.ofMillis(20)));

    assertThat(gateway.post("/v1/messages", message(stream)).body())
        .contains(stream ? "event: error\n" : "timeout_error");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerWithoutEnd(boolean stream) throws Exception {
    upstream.enqueue(
        Script.stream(Chunks.role()).endlessly(Chunks.text("more "), Duration.ofMillis(20)));

    assertThat(gateway.post("/v1/messages", message(stream)).body())
        .contains(stream ? "event: error\n" : "timeout_error");
  }

  @Test
  void pingsUntilTheUpstreamGoesOn() throws Exception {
    CompletableFuture<Void> pinged = new CompletableFuture<>();
    upstream.enqueue(
        Script.stream(Chunks.role(), Chunks.text("half"))
            .await(pinged)
            .write(Chunks.text(" whole") + Chunks.finish("stop") + Chunks.DONE));
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.post("/v1/messages", message(true));
      client.readUntil("event: ping");
      pinged.complete(null);
      client.readUntil("message_stop");
    }
  }

  private static String message(boolean stream) {
    return "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":"
        + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  }
}
