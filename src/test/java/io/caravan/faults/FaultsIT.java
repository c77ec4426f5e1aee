package io.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.provider.Provider;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.PlainClient;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.URI;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tries each fault of the soak test by itself, streamed and whole: the client gets the true
 * outcome, nothing of the call is left, and the next one works. One call at a time is permitted
 * upstream, so that a lost permit shows. The soak test checks threads and heap.
 */
@Timeout(60)
class FaultsIT {
  private static final String TEXT = "Half of this has gone out, \u00e4\u20ac\ud83d\ude00, or all.";
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int GO_AFTER_MILLIS = 300;

  private static ScriptedUpstream upstream;
  private static Gateway gateway;
  private static PlainClient client;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/test/model",
            // One fault's 429 must not hold the next call back.
            "caravan.limits.learn",
            "false",
            "caravan.nim.max-concurrency",
            "1",
            "caravan.retry.attempts",
            "1",
            "caravan.cooldown.failures",
            "1000000",
            // Half of the calls succeed, so the circuit never opens.
            "caravan.circuit.failure-percent",
            "100",
            "caravan.circuit.minimum-calls",
            "20");
    client = new PlainClient(URI.create(gateway.url()), PATIENCE_MILLIS);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.forget();
    provider().setBaseUrl(upstream.url());
  }

  @AfterEach
  void nothingIsLeftAndTheNextWorks() throws Exception {
    provider().setBaseUrl(upstream.url());
    gateway.awaitNothingOpen();
    await()
        .untilAsserted(
            () ->
                assertThat(upstream.completions())
                    .allSatisfy(request -> assertThat(request.finished()).isDone()));
    assertRight(Fault.NONE, true);
  }

  static Stream<Arguments> faults() {
    return Arrays.stream(Fault.values())
        .flatMap(fault -> Stream.of(Arguments.of(fault, true), Arguments.of(fault, false)));
  }

  @ParameterizedTest(name = "{0}, streamed: {1}")
  @MethodSource("faults")
  void isToldAndLeavesNothing(Fault fault, boolean stream) throws Exception {
    assertRight(fault, stream);
  }

  /** The gateway uses TLS with a server that has none. */
  @Test
  void plainHttpWhereTlsIsExpected() throws Exception {
    provider().setBaseUrl(upstream.url().replace("http://", "https://"));

    assertThat(tellsAnError()).isGreaterThanOrEqualTo(500);
  }

  /** A TLS server's response to a request without TLS: a fatal alert, "unexpected message". */
  @Test
  void tlsWherePlainHttpIsExpected() throws Exception {
    upstream.answer(request -> Script.garbage(new byte[] {0x15, 3, 3, 0, 2, 2, 10}));

    assertThat(tellsAnError()).isGreaterThanOrEqualTo(500);
  }

  @Test
  void aWholeAnswerWhereAStreamWasAskedFor() throws Exception {
    upstream.answer(
        request ->
            Script.json(
                200,
                "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
                    + "\"message\":{\"role\":\"assistant\",\"content\":\""
                    + TEXT
                    + "\"}}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}"));

    assertThat(Judge.faults(Fault.NONE, TEXT, client.post(message(true), 0))).isEmpty();
    assertThat(Judge.faults(Fault.NONE, TEXT, client.post(message(false), 0))).isEmpty();
  }

  private static int tellsAnError() throws Exception {
    for (boolean stream : new boolean[] {true, false}) {
      PlainClient.Answer answer = client.post(message(stream), 0);
      assertThat(Judge.faults(Fault.GARBAGE, TEXT, answer)).as(answer.toString()).isEmpty();
    }
    return client.post(message(false), 0).status();
  }

  private static void assertRight(Fault fault, boolean stream) throws Exception {
    upstream.answer(request -> fault.script(TEXT));
    boolean goes = fault.expected() == Fault.Expected.GIVEN_UP;

    PlainClient.Answer answer = client.post(message(stream), goes ? GO_AFTER_MILLIS : 0);

    assertThat(Judge.faults(fault, TEXT, answer)).as(answer.toString()).isEmpty();
    if (goes) {
      await().until(() -> upstream.completions().stream().allMatch(FaultsIT::isLetGo));
    }
  }

  private static boolean isLetGo(ReceivedRequest request) {
    return request.finished().isDone();
  }

  private static Provider provider() {
    return gateway.context().getRegistry().lookupByNameAndType("nim", Provider.class);
  }

  private static String message(boolean stream) {
    return "{\"model\":\"claude-sonnet\",\"max_tokens\":100,\"stream\":"
        + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  }
}
