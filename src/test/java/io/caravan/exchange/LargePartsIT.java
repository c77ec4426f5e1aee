package io.caravan.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that a stream counts its large parts no longer than it lives, however it ends. */
@Timeout(120)
class LargePartsIT {
  private static final String ENDLESS = "x".repeat(17 * 1024 * 1024);
  private static final String LARGE = "more and more ".repeat(20_000);

  private final ScriptedUpstream upstream = ScriptedUpstream.start().recordNothing();
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway =
        Gateway.before(
            upstream, "caravan.model.default", "nim/test/model", "caravan.retry.attempts", "1");
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private String ask(boolean stream) throws Exception {
    String body =
        "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    return gateway.post("/v1/messages", body).body();
  }

  private void awaitNothingHeld() {
    gateway.awaitNothingOpen();
    await().untilAsserted(() -> assertThat(LargeParts.OF_THE_PROCESS.held()).isZero());
  }

  @Test
  void aLargeEventIsCountedUntilItIsWritten() throws Exception {
    upstream.answer(request -> Script.says(LARGE));

    assertThat(ask(true)).contains("message_stop");
    assertThat(ask(false)).contains("end_turn");
    awaitNothingHeld();
  }

  @Test
  void anEventWithoutEndBeforeTheFirstContentIsCountedNoLonger() throws Exception {
    upstream.answer(request -> Script.stream("data: " + ENDLESS));

    assertThat(ask(true)).contains("error");
    awaitNothingHeld();
  }

  @Test
  void anEventWithoutEndBehindContentIsCountedNoLonger() throws Exception {
    upstream.answer(request -> Script.stream(Chunks.text("begun"), "data: " + ENDLESS));

    assertThat(ask(true)).contains("error");
    awaitNothingHeld();
  }

  @Test
  void anEventThatBreaksOffIsCountedNoLonger() throws Exception {
    byte[] half = Arrays.copyOf(Chunks.text(LARGE).getBytes(StandardCharsets.UTF_8), 200_000);
    upstream.answer(request -> Script.stream(new String(half, StandardCharsets.UTF_8)));

    assertThat(ask(true)).contains("error");
    awaitNothingHeld();
  }
}
