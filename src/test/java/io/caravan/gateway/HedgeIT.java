package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.provider.Provider;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests a second call beside a slow one. */
class HedgeIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static final String LIMITED = "{\"status\":429,\"title\":\"Too Many Requests\"}";

  private final HttpClient http = HttpClient.newHttpClient();
  private ScriptedUpstream slow;
  private ScriptedUpstream other;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    slow = ScriptedUpstream.start();
    other = ScriptedUpstream.start();
    gateway =
        Gateway.before(
            slow,
            "caravan.model.default",
            "nim/slow/model, vllm/other/model",
            "caravan.nim.max-concurrency",
            "1",
            "caravan.hedge.enabled",
            "true",
            "caravan.hedge.at-least",
            "200",
            "caravan.retry.attempts",
            "1");
    gateway
        .context()
        .getRegistry()
        .lookupByNameAndType("vllm", Provider.class)
        .setBaseUrl(other.url());
  }

  @AfterEach
  void stop() {
    gateway.close();
    slow.close();
    other.close();
  }

  private CompletableFuture<HttpResponse<String>> ask(boolean stream) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(HI.formatted(stream)))
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  private void awaitFree() {
    MeterRegistry meters = gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
    await().until(() -> meters.get("caravan_limit_permits").gauge().value() == 0);
  }

  @Test
  void whoeverIsFirstAnswersAndTheOtherCallIsAborted() throws Exception {
    for (boolean stream : new boolean[] {true, false}) {
      slow.enqueue(Script.silence());
      other.enqueue(Script.says("from the other"));

      HttpResponse<String> answer = ask(stream).get();

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("other");
      assertThat(answer.headers().firstValue("caravan-tried")).hasValue("nim/slow/model overtaken");
      ReceivedRequest overtaken = slow.takeCompletion(SOON);
      await().until(overtaken::wasAborted);
      awaitFree();
    }
  }

  @Test
  void theSecondCallIsAbortedWhereTheFirstAnswersAfterAll() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    slow.enqueue(Script.after(gate, Script.says("from the slow one")));
    other.enqueue(Script.silence());
    CompletableFuture<HttpResponse<String>> answer = ask(true);
    ReceivedRequest second = other.takeCompletion(SOON);

    gate.complete(null);

    assertThat(answer.get().body()).contains("slow ").contains("message_stop");
    assertThat(answer.get().headers().firstValue("caravan-tried")).isEmpty();
    await().until(second::wasAborted);
    awaitFree();
  }

  @Test
  void aSecondCallThatFailsLeavesTheFirstAlone() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    slow.enqueue(Script.after(gate, Script.says("from the slow one")));
    other.enqueue(Script.json(500, "{\"error\":{\"message\":\"broken\"}}"));
    CompletableFuture<HttpResponse<String>> answer = ask(true);
    other.takeCompletion(SOON).finished().get();

    gate.complete(null);

    assertThat(answer.get().body()).contains("slow ").contains("message_stop");
  }

  @Test
  void aFirstCallThatFailsMeanwhileLeavesTheAnswerToTheSecond() throws Exception {
    CompletableFuture<Void> fail = new CompletableFuture<>();
    CompletableFuture<Void> gate = new CompletableFuture<>();
    slow.enqueue(Script.after(fail, Script.json(500, "{\"error\":{\"message\":\"broken\"}}")));
    other.enqueue(Script.after(gate, Script.says("from the other")));
    CompletableFuture<HttpResponse<String>> answer = ask(false);
    ReceivedRequest first = slow.takeCompletion(SOON);
    other.takeCompletion(SOON);

    fail.complete(null);
    first.finished().get();
    gate.complete(null);

    assertThat(answer.get().body()).contains("from the other");
    assertThat(other.completions()).hasSize(1);
    awaitFree();
  }

  @Test
  void bothCallsEndWhenTheClientLeaves() throws Exception {
    slow.enqueue(Script.silence());
    other.enqueue(Script.silence());
    CompletableFuture<HttpResponse<String>> answer = ask(true);
    ReceivedRequest first = slow.takeCompletion(SOON);
    ReceivedRequest second = other.takeCompletion(SOON);

    answer.cancel(true);

    await().until(() -> first.wasAborted() && second.wasAborted());
    awaitFree();
  }

  @Test
  void aStreamThatHasBegunIsNotHedged() throws Exception {
    slow.enqueue(
        Script.stream(Chunks.text("slow "))
            .pause(Duration.ofMillis(500))
            .write(Chunks.text("but sure") + Chunks.finish("stop") + Chunks.DONE));

    assertThat(ask(true).get().body()).contains("but sure");
    assertThat(other.completions()).isEmpty();
  }

  @Test
  void aFirstCallThatBreaksBehindItsHeadLeavesTheAnswerToTheSecond() throws Exception {
    CompletableFuture<Void> fail = new CompletableFuture<>();
    CompletableFuture<Void> gate = new CompletableFuture<>();
    slow.enqueue(Script.stream(Chunks.comment("processing")).await(fail).reset());
    other.enqueue(Script.after(gate, Script.says("from the other")));
    CompletableFuture<HttpResponse<String>> answer = ask(true);
    ReceivedRequest first = slow.takeCompletion(SOON);
    other.takeCompletion(SOON);

    fail.complete(null);
    first.finished().get();
    gate.complete(null);

    assertThat(answer.get().body()).contains("other").contains("message_stop");
    assertThat(other.completions()).hasSize(1);
    awaitNothingLeft();
  }

  @Test
  void aFirstCallThatIsRefusedForItsRateLeavesTheAnswerToTheSecond() throws Exception {
    CompletableFuture<Void> fail = new CompletableFuture<>();
    CompletableFuture<Void> gate = new CompletableFuture<>();
    slow.enqueue(Script.after(fail, Script.json(429, LIMITED)));
    other.enqueue(Script.after(gate, Script.says("from the other")));
    CompletableFuture<HttpResponse<String>> answer = ask(true);
    ReceivedRequest first = slow.takeCompletion(SOON);
    other.takeCompletion(SOON);

    fail.complete(null);
    first.finished().get();
    gate.complete(null);

    assertThat(answer.get().statusCode()).isEqualTo(200);
    assertThat(answer.get().body()).contains("other").contains("message_stop");
    awaitNothingLeft();
  }

  @Test
  void aSecondCallThatIsRefusedForItsRateLeavesTheFirstAlone() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    slow.enqueue(Script.after(gate, Script.says("from the slow one")));
    other.enqueue(Script.json(429, LIMITED));
    CompletableFuture<HttpResponse<String>> answer = ask(true);
    other.takeCompletion(SOON).finished().get();

    gate.complete(null);

    assertThat(answer.get().statusCode()).isEqualTo(200);
    assertThat(answer.get().body()).contains("slow ");
    awaitNothingLeft();
  }

  /** The second model is then called as a fallback: a race takes no attempt from it. */
  @Test
  void whereBothBreakTheClientGetsOneErrorAndNothingIsLeft() throws Exception {
    other.answer(request -> Script.json(503, "{\"error\":{\"message\":\"broken\"}}"));
    for (boolean stream : new boolean[] {true, false}) {
      CompletableFuture<Void> fail = new CompletableFuture<>();
      slow.enqueue(Script.stream(Chunks.comment("processing")).await(fail).reset());
      other.enqueue(Script.stream(Chunks.comment("processing")).await(fail).reset());
      CompletableFuture<HttpResponse<String>> answer = ask(stream);
      slow.takeCompletion(SOON);
      other.takeCompletion(SOON);

      fail.complete(null);

      String body = answer.get().body();
      assertThat(body).containsOnlyOnce("overloaded_error").doesNotContain("content_block");
      awaitNothingLeft();
    }
  }

  private void awaitNothingLeft() {
    gateway.awaitNothingOpen();
    awaitFree();
  }
}
