package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.provider.Provider;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests which model of a chain is called when another one fails. */
class FailoverIT {
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final Script BUSY = Script.json(503, "{\"error\":{\"message\":\"busy\"}}");
  private static final String CHAIN = "nim/first/model, nim/second/model";

  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void prepare() {
    upstream = ScriptedUpstream.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private void start(String chain, String... settings) throws Exception {
    String[] all = {
      "caravan.model.default",
      chain,
      "caravan.retry.attempts",
      "1",
      "caravan.circuit.minimum-calls",
      "2",
      "caravan.circuit.open-for",
      "60000"
    };
    String[] both = java.util.Arrays.copyOf(all, all.length + settings.length);
    System.arraycopy(settings, 0, both, all.length, settings.length);
    gateway = Gateway.before(upstream, both);
  }

  private void answerFirst(Script script) {
    upstream.answer(request -> isFirst(request) ? script : Script.says("from the second"));
  }

  private static boolean isFirst(ReceivedRequest request) {
    return request.text().contains("first/model");
  }

  private long callsOfFirst() {
    return upstream.completions().stream().filter(FailoverIT::isFirst).count();
  }

  private HttpResponse<String> ask() throws Exception {
    return gateway.post("/v1/messages", HI);
  }

  private static String tried(HttpResponse<String> answer) {
    return answer.headers().firstValue("caravan-tried").orElse("");
  }

  private double metric(String name, String... tags) {
    MeterRegistry meters = gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
    Meter meter = meters.get(name).tags(tags).meter();
    return meter.measure().iterator().next().getValue();
  }

  @Test
  void anOpenCircuitMovesOnToTheNextModelWithoutACall() throws Exception {
    start(CHAIN);
    answerFirst(BUSY);
    ask();
    ask();

    HttpResponse<String> answer = ask();

    assertThat(answer.body()).contains("from the second");
    assertThat(tried(answer)).isEqualTo("nim/first/model circuit_open");
    assertThat(callsOfFirst()).isEqualTo(2);
    assertThat(metric("caravan_circuit_state", "model", "first/model")).isEqualTo(2);
    assertThat(metric("caravan_circuit_state", "model", "second/model")).isZero();
    assertThat(
            metric(
                "caravan_upstream_attempts", "model", "first/model", "outcome", "overloaded_error"))
        .isEqualTo(2);
    assertThat(metric("caravan_upstream_attempts", "outcome", "circuit_open")).isEqualTo(1);
    assertThat(metric("caravan_upstream_attempts", "outcome", "ok")).isEqualTo(3);
  }

  @Test
  void onlyTheLossesOfTheModelThatAnsweredAreReported() throws Exception {
    start("nim/first/model, vllm/second/model");
    gateway
        .context()
        .getRegistry()
        .lookupByNameAndType("vllm", Provider.class)
        .setBaseUrl(upstream.url());
    answerFirst(BUSY);

    HttpResponse<String> answer =
        gateway.post("/v1/messages", HI.replace("\"max_tokens\"", "\"top_k\":5,\"max_tokens\""));

    assertThat(answer.body()).contains("from the second");
    assertThat(upstream.completions().get(1).text()).contains("\"top_k\":5");
    assertThat(answer.headers().firstValue("caravan-lossy")).isEmpty();
  }

  @Test
  void aCircuitThatIsOpenAndAloneIsRefusedWithTheTimeThatItStaysOpen() throws Exception {
    start("nim/first/model");
    answerFirst(BUSY);
    ask();
    ask();

    HttpResponse<String> answer = ask();

    assertThat(answer.statusCode()).isEqualTo(529);
    assertThat(answer.body()).contains("overloaded_error");
    assertThat(answer.headers().firstValueAsLong("retry-after").orElseThrow()).isBetween(40L, 60L);
    assertThat(callsOfFirst()).isEqualTo(2);
  }

  @Test
  void probesCloseTheCircuitOfAModelThatIsWellAgain() throws Exception {
    start(CHAIN, "caravan.circuit.open-for", "500");
    answerFirst(BUSY);
    ask();
    ask();
    assertThat(metric("caravan_circuit_state", "model", "first/model")).isEqualTo(2);

    answerFirst(Script.says("from the first"));

    await().untilAsserted(() -> assertThat(ask().body()).contains("from the first"));
    await()
        .untilAsserted(
            () -> {
              ask();
              assertThat(metric("caravan_circuit_state", "model", "first/model")).isZero();
            });
  }

  @Test
  void aFaultOfTheRequestNeitherMovesOnNorOpensTheCircuit() throws Exception {
    start(CHAIN);
    answerFirst(Script.json(400, "{\"error\":{\"message\":\"no such thing\"}}"));
    for (int i = 0; i < 5; i++) {
      assertThat(ask().statusCode()).isEqualTo(400);
    }

    assertThat(upstream.completions()).hasSize(5);
    assertThat(metric("caravan_circuit_state", "model", "first/model")).isZero();
  }

  @Test
  void aRetryAfterMovesOnAtOnceAndTheModelIsLeftAloneAsLongAsItSays() throws Exception {
    start(CHAIN, "caravan.retry.attempts", "3");
    answerFirst(Script.json(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 30"));

    HttpResponse<String> first = ask();
    HttpResponse<String> second = ask();

    assertThat(first.body()).contains("from the second");
    assertThat(tried(first)).isEqualTo("nim/first/model rate_limit_error");
    assertThat(second.body()).contains("from the second");
    assertThat(tried(second)).isEqualTo("nim/first/model cooling");
    assertThat(callsOfFirst()).isEqualTo(1);
  }

  @Test
  void aModelThatCoolsDownAndIsAloneIsRefusedWithTheRestOfItsTime() throws Exception {
    start("nim/first/model", "caravan.retry.attempts", "3");
    answerFirst(Script.json(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 30"));
    ask();

    HttpResponse<String> answer = ask();

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.body()).contains("rate_limit_error").contains("has asked for a pause");
    assertThat(answer.headers().firstValueAsLong("retry-after").orElseThrow()).isBetween(20L, 30L);
    assertThat(callsOfFirst()).isEqualTo(1);
  }

  @Test
  void aPauseOfItsOwnIsNotSaidToBeTheUpstreams() throws Exception {
    start("nim/first/model", "caravan.retry.attempts", "3", "caravan.cooldown.first", "30000");
    answerFirst(Script.json(429, "{\"error\":{\"message\":\"slow down\"}}"));
    ask();

    HttpResponse<String> answer = ask();

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.body())
        .contains("rate_limit_error", "has reached its rate limit several times in a row")
        .doesNotContain("asked for a pause");
  }

  @Test
  void aShortPauseIsWaitedFor() throws Exception {
    start("nim/first/model", "caravan.retry.attempts", "3");
    upstream.enqueue(Script.json(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 1"));
    answerFirst(Script.says("from the first"));

    assertThat(ask().body()).contains("from the first");
    long between =
        upstream.completions().get(1).receivedAt() - upstream.completions().get(0).receivedAt();
    assertThat(Duration.ofNanos(between)).isGreaterThan(Duration.ofMillis(990));
  }

  @Test
  void whenAllModelsCoolDownTheFirstThatMayBeCalledAgainIs() throws Exception {
    start(CHAIN, "caravan.retry.attempts", "3");
    upstream.enqueue(
        Script.json(429, "{\"error\":{\"message\":\"slow\"}}", "Retry-After: 40"),
        Script.json(429, "{\"error\":{\"message\":\"slow\"}}", "Retry-After: 1"));
    answerFirst(Script.says("from the first"));

    HttpResponse<String> answer = ask();

    assertThat(answer.body()).contains("from the second");
    assertThat(upstream.completions()).hasSize(3);
  }

  @Test
  void aProviderWhoseOwnLimitIsUsedUpIsPassedOver() throws Exception {
    try (ScriptedUpstream other = ScriptedUpstream.start()) {
      other.answer(request -> Script.says("from elsewhere"));
      start(
          "nim/first/model, vllm/other/model",
          "caravan.nim.rate-limit",
          "1",
          "caravan.nim.max-wait",
          "5000");
      gateway
          .context()
          .getRegistry()
          .lookupByNameAndType("vllm", Provider.class)
          .setBaseUrl(other.url());
      answerFirst(Script.says("from the first"));
      assertThat(ask().body()).contains("from the first");

      HttpResponse<String> answer = ask();

      assertThat(answer.body()).contains("from elsewhere");
      assertThat(tried(answer)).isEqualTo("nim/first/model limit");
    }
  }
}
