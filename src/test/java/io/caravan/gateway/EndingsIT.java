package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The beginnings and the ends of streams that are not as they should be. */
@Timeout(60)
class EndingsIT {
  private static final Duration PAUSE = Duration.ofMillis(20);

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
            "caravan.upstream.first-byte-timeout",
            "20000",
            "caravan.upstream.byte-idle-timeout",
            "600",
            "caravan.upstream.payload-idle-timeout",
            "600",
            "caravan.upstream.finish-grace",
            "400",
            "caravan.cooldown.failures",
            "1000",
            "caravan.circuit.minimum-calls",
            "1000");
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

  private static HttpResponse<String> ask(boolean stream) throws Exception {
    return gateway.post(
        "/v1/messages",
        "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFinishedStreamThatStaysOpenEndsInSpiteOfItsComments(boolean stream) throws Exception {
    upstream.enqueue(
        Script.stream(Chunks.text("all"), Chunks.finish("stop"))
            .endlessly(Chunks.comment("keep-alive"), PAUSE));

    String body = ask(stream).body();

    assertThat(body).contains("\"end_turn\"").doesNotContain("error");
    gateway.awaitNothingOpen();
  }

  @Test
  void emptyChunksDoNotProlongAFinishedStream() throws Exception {
    upstream.enqueue(
        Script.stream(Chunks.text("all"), Chunks.finish("stop"), Chunks.usage(7, 3))
            .endlessly(Chunks.delta("{}"), PAUSE));

    assertThat(ask(true).body())
        .contains("\"end_turn\"", "\"output_tokens\":3")
        .doesNotContain("error");
  }

  @Test
  void contentBehindTheFinishReasonIsStillTaken() throws Exception {
    upstream.enqueue(
        Script.stream(Chunks.text("one"), Chunks.finish("stop"))
            .pause(Duration.ofMillis(250))
            .write(Chunks.text(" two"))
            .pause(Duration.ofMillis(250))
            .write(Chunks.text(" three") + Chunks.usage(7, 3) + Chunks.DONE));

    assertThat(ask(false).body()).contains("one two three", "\"output_tokens\":3");
  }

  @Test
  void aLongPromptMayTakeAsLongAsTheFirstByteThoughTheHeadHasCome() throws Exception {
    upstream.enqueue(
        Script.stream(Chunks.comment("processing"))
            .pause(Duration.ofMillis(1500))
            .write(Chunks.comment("processing"))
            .pause(Duration.ofMillis(1500))
            .write(Chunks.text("late") + Chunks.finish("stop") + Chunks.DONE));

    assertThat(ask(true).body()).contains("late", "message_stop").doesNotContain("event: error");
    assertThat(upstream.completions()).hasSize(1);
  }

  @Test
  void aWholeMessageThatBreaksOffIsRequestedAgain() throws Exception {
    upstream.enqueue(
        Script.stream(Chunks.role(), Chunks.text("half")).reset(),
        Script.stream(Chunks.role(), Chunks.text("half")),
        Script.stream(Chunks.text("half"), Chunks.DONE));
    upstream.enqueue(Script.says("whole"));

    // Three attempts are the most.
    assertThat(ask(false).statusCode()).isEqualTo(529);
    assertThat(upstream.completions()).hasSize(3);

    upstream.forget();
    upstream.enqueue(
        Script.stream(Chunks.role(), Chunks.text("half")).reset(), Script.says("whole"));
    assertThat(ask(false).body()).contains("whole").doesNotContain("half");
  }

  @Test
  void anErrorInAWholeMessageIsACallThatFailed() throws Exception {
    upstream.enqueue(
        Script.stream(Chunks.text("half"), Chunks.error(503, "overloaded")), Script.says("whole"));

    assertThat(ask(false).body()).contains("whole").doesNotContain("half");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void aCompressedResponseIsRead(String encoding) throws Exception {
    byte[] stream =
        compressed(encoding, Chunks.text("small") + Chunks.finish("stop") + Chunks.DONE);
    upstream.enqueue(
        Script.raw()
            .writeRaw(
                ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: "
                        + encoding
                        + "\r\nContent-Length: "
                        + stream.length
                        + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII))
            .writeRaw(stream));

    assertThat(ask(true).body()).contains("small", "message_stop").doesNotContain("event: error");
  }

  @Test
  void aCompressedRefusalIsRead() throws Exception {
    byte[] body = compressed("gzip", "{\"error\":{\"message\":\"no such thing\"}}");
    upstream.enqueue(
        Script.raw()
            .writeRaw(
                ("HTTP/1.1 400 X\r\nContent-Type: application/json\r\nContent-Encoding: gzip"
                        + "\r\nContent-Length: "
                        + body.length
                        + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII))
            .writeRaw(body));

    assertThat(ask(true).body()).contains("no such thing");
  }

  private static byte[] compressed(String encoding, String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var packed =
        encoding.equals("gzip")
            ? new GZIPOutputStream(out)
            : new java.util.zip.DeflaterOutputStream(out)) {
      packed.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }
}
