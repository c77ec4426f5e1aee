package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.Warnings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests clients that leave: every wait of the request ends, it holds nothing any more, and the next
 * one is served. The upstream allows one call at a time, so that a leaked permit is noticed.
 */
@Timeout(60)
class CancellationIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  private static ScriptedUpstream upstream;
  private static Gateway gateway;
  private long goneBefore;
  private Warnings warnings;

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
            "caravan.retry.total",
            "60000");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    warnings = Warnings.listen();
    upstream.forget();
    goneBefore = counted("client_gone");
  }

  @AfterEach
  void nothingIsLeftAndTheNextIsServed() throws Exception {
    gateway.awaitNothingOpen();
    await().untilAsserted(() -> assertThat(counted("client_gone")).isEqualTo(goneBefore + 1));
    assertThat(counted("api_error")).isZero();
    upstream.enqueue(Script.says("still here"));
    assertThat(gateway.post("/v1/messages", message(false)).body()).contains("still here");
    warnings.close();
    assertThat(warnings.lines()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void beforeTheUpstreamsFirstByte(boolean stream) throws Exception {
    upstream.enqueue(Script.silence());

    assertThat(leaveOnceCalled(stream).clientGone()).succeedsWithin(SOON);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whileTheUpstreamIsSilentAfterItsHead(boolean stream) throws Exception {
    upstream.enqueue(Script.stream().stall());

    assertThat(leaveOnceCalled(stream).clientGone()).succeedsWithin(SOON);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whileTheUpstreamSendsNothingButComments(boolean stream) throws Exception {
    upstream.enqueue(
        Script.stream().endlessly(Chunks.comment("keep-alive"), Duration.ofMillis(10)));

    assertThat(leaveOnceCalled(stream).clientGone()).succeedsWithin(SOON);
  }

  @Test
  void inMidStream() throws Exception {
    upstream.enqueue(Script.stream(Chunks.role(), Chunks.text("first")).stall());
    ReceivedRequest call;
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.post("/v1/messages", message(true));
      call = upstream.takeCompletion(SOON);
      client.readUntil("first");
    }
    assertThat(call.clientGone()).succeedsWithin(SOON);
  }

  @Test
  void whileTokensFlow() throws Exception {
    upstream.enqueue(
        Script.stream(Chunks.role(), Chunks.text("first"))
            .endlessly(Chunks.text(" more"), Duration.ofMillis(1)));
    ReceivedRequest call;
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.post("/v1/messages", message(true));
      call = upstream.takeCompletion(SOON);
      client.readUntil("first");
    }
    assertThat(call.clientGone()).succeedsWithin(SOON);
  }

  @Test
  void inTheMiddleOfAnAnswerThatIsGathered() throws Exception {
    upstream.enqueue(Script.stream(Chunks.role(), Chunks.text("first")).stall());

    assertThat(leaveOnceCalled(false).clientGone()).succeedsWithin(SOON);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whileTheNextAttemptIsWaitedFor(boolean stream) throws Exception {
    upstream.enqueue(Script.json(503, "{\"error\":{\"message\":\"busy\"}}", "Retry-After: 5"));

    ReceivedRequest call = leaveOnceCalled(stream);

    assertThat(call.finished()).succeedsWithin(SOON);
    await().untilAsserted(() -> assertThat(active()).isZero());
    assertThat(upstream.completions()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whileItWaitsForItsTurn(boolean stream) throws Exception {
    upstream.enqueue(Script.stream().stall());
    try (RawClient first = RawClient.connect(gateway.port())) {
      first.post("/v1/messages", message(true));
      upstream.takeCompletion(SOON);
      try (RawClient second = RawClient.connect(gateway.port())) {
        second.post("/v1/messages", message(stream));
        await().untilAsserted(() -> assertThat(active()).isEqualTo(2));
      }
      await().untilAsserted(() -> assertThat(active()).isEqualTo(1));
      assertThat(upstream.completions()).hasSize(1);
      goneBefore++;
    }
  }

  private static ReceivedRequest leaveOnceCalled(boolean stream) throws Exception {
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.post("/v1/messages", message(stream));
      return upstream.takeCompletion(SOON);
    }
  }

  private static String message(boolean stream) {
    return "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":"
        + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  }

  private static double active() {
    return meters().get("caravan_active_requests").gauge().value();
  }

  private static long counted(String outcome) {
    return meters().find("caravan_requests").tag("outcome", outcome).timers().stream()
        .mapToLong(Timer::count)
        .sum();
  }

  private static MeterRegistry meters() {
    return gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
  }
}
