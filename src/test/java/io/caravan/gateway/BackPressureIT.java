package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests senders that are faster than their receivers: buffers and waits have an end. */
@Timeout(120)
class BackPressureIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final long MEBIBYTE = 1024 * 1024;

  /** The system's buffers of two connections of this machine; the gateway's are kilobytes. */
  private static final long BUFFERS = 128 * MEBIBYTE;

  private static final byte[] PIECE =
      Chunks.text("more and more ".repeat(500)).getBytes(StandardCharsets.UTF_8);

  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  private final AtomicLong sent = new AtomicLong();

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/test/model",
            "caravan.nim.max-concurrency",
            "1",
            "caravan.max-answer-size",
            String.valueOf(4 * MEBIBYTE),
            "caravan.client-stall-timeout",
            "4000");
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
  void nothingIsLeftAndTheNextIsServed() throws Exception {
    gateway.awaitNothingOpen();
    upstream.enqueue(Script.says("still here"));
    assertThat(gateway.post("/v1/messages", message(false)).body()).contains("still here");
  }

  @Test
  void aClientThatReadsNothingHoldsTheUpstreamBackAndIsCutOff() throws Exception {
    upstream.enqueue(endless());
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(64 * 1024);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
      RawClient client = RawClient.on(socket).post("/v1/messages", message(true));
      ReceivedRequest call = upstream.takeCompletion(SOON);
      client.readUntil("message_start");

      // The client stops reading. The upstream is blocked long before the client is disconnected.
      await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(() -> assertThat(standsStill()).isTrue());
      assertThat(sent.get()).isLessThan(BUFFERS);
      assertThat(call.finished()).as("cut off only later; %d were sent", sent.get()).isNotDone();

      assertThat(call.clientGone()).succeedsWithin(SOON);
      assertThat(sent.get()).isLessThan(BUFFERS);
    }
  }

  private long last = -1;
  private int still;

  /** Returns whether nothing was sent between the last ten checks. */
  private boolean standsStill() {
    long now = sent.get();
    still = now == last && now > 0 ? still + 1 : 0;
    last = now;
    return still >= 10;
  }

  @Test
  void anAnswerWithoutEndIsNotGatheredWithoutEnd() throws Exception {
    upstream.enqueue(endless());

    HttpResponse<String> answer = gateway.post("/v1/messages", message(false));

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("api_error").contains("caravan.max-answer-size");
    assertThat(upstream.takeCompletion(SOON).clientGone()).succeedsWithin(SOON);
    assertThat(sent.get()).isLessThan(BUFFERS);
  }

  private Script endless() {
    return Script.stream(Chunks.role())
        .then(
            answer -> {
              while (true) {
                answer.write(PIECE);
                sent.addAndGet(PIECE.length);
              }
            });
  }

  private static String message(boolean stream) {
    return "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":"
        + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  }
}
