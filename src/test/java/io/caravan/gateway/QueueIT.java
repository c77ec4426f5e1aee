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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the queue before an upstream's limits, from the client's side and the upstream's. */
class QueueIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String MODEL = "nim/first/model";

  private final CompletableFuture<Void> gate = new CompletableFuture<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void prepare() {
    upstream = ScriptedUpstream.start();
    upstream.answer(request -> Script.says("ok"));
  }

  @AfterEach
  void stop() {
    gate.complete(null);
    gateway.close();
    upstream.close();
  }

  private void start(String... settings) throws Exception {
    List<String> all = new ArrayList<>(List.of("caravan.model.default", MODEL));
    all.addAll(List.of(settings));
    gateway = Gateway.before(upstream, all.toArray(String[]::new));
  }

  private void oneAtATime(String... more) throws Exception {
    List<String> all = new ArrayList<>(List.of("caravan.nim.max-concurrency", "1"));
    all.addAll(List.of(more));
    start(all.toArray(String[]::new));
  }

  private static String body(String text, boolean stream) {
    return "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(stream, text);
  }

  private CompletableFuture<HttpResponse<String>> send(String text, String... headers) {
    return send(text, true, headers);
  }

  private CompletableFuture<HttpResponse<String>> send(
      String text, boolean stream, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body(text, stream)));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void theHostedServiceHasItsLimitWithoutASetting() throws Exception {
    start("caravan.nim.base-url", "", "caravan.nim.api-key", "key");
    gateway
        .context()
        .getRegistry()
        .lookupByNameAndType("nim", Provider.class)
        .setDefaultBaseUrl(upstream.url());

    assertThat(send("Hi").get().statusCode()).isEqualTo(200);

    assertThat(gauge("caravan_limit_window_max")).isEqualTo(40);
  }

  /** Sends a request, and waits until it is in the queue. */
  private CompletableFuture<HttpResponse<String>> queue(String text, String... headers) {
    double before = queued();
    CompletableFuture<HttpResponse<String>> answer = send(text, headers);
    await().until(() -> queued() == before + 1);
    return answer;
  }

  /** Starts a call that lasts until the gate is opened. */
  private CompletableFuture<HttpResponse<String>> occupy() throws Exception {
    upstream.enqueue(
        Script.stream(Chunks.text("slow")).await(gate).write(Chunks.finish("stop") + Chunks.DONE));
    CompletableFuture<HttpResponse<String>> answer = send("slow");
    upstream.takeCompletion(SOON);
    return answer;
  }

  private double gauge(String name) {
    return gateway
        .context()
        .getRegistry()
        .findSingleByType(MeterRegistry.class)
        .get(name)
        .tag("provider", "nim")
        .gauge()
        .value();
  }

  private double queued() {
    return gauge("caravan_limit_queued");
  }

  private void awaitFree() {
    await().until(() -> queued() == 0 && gauge("caravan_limit_permits") == 0);
  }

  private List<String> order(int calls) throws InterruptedException {
    List<String> order = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      ReceivedRequest request = upstream.takeCompletion(SOON);
      order.add(request.text().replaceAll("(?s).*<(\\w+)>.*", "$1"));
    }
    return order;
  }

  @Test
  void sessionsTakeTurnsAndAnInteractiveTurnComesBeforeItsSubAgents() throws Exception {
    oneAtATime();
    CompletableFuture<HttpResponse<String>> unused = occupy();
    String session = "x-claude-code-session-id";
    String agent = "x-claude-code-agent-id";
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      answers.add(queue("<sub" + i + ">", session, "one", agent, "agent" + i));
    }
    answers.add(queue("<person>", session, "one"));
    answers.add(queue("<other1>", session, "two"));
    answers.add(queue("<other2>", session, "two"));

    gate.complete(null);

    assertThat(order(6)).containsExactly("person", "other1", "sub1", "other2", "sub2", "sub3");
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.get().body()).contains("message_stop");
    }
    awaitFree();
  }

  @Test
  void aStreamHoldsItsPlaceUntilItsLastByte() throws Exception {
    oneAtATime();
    CompletableFuture<HttpResponse<String>> slow = occupy();
    CompletableFuture<HttpResponse<String>> next = queue("next");
    assertThat(upstream.completions()).hasSize(1);
    assertThat(gauge("caravan_limit_permits")).isEqualTo(1);

    gate.complete(null);

    assertThat(slow.get().body()).contains("message_stop");
    assertThat(next.get().body()).contains("message_stop");
    awaitFree();
  }

  @Test
  void whoLeavesTheQueueMakesRoomAndIsNeverCalledFor() throws Exception {
    oneAtATime();
    CompletableFuture<HttpResponse<String>> unused = occupy();
    CompletableFuture<HttpResponse<String>> leaver = queue("<leaver>");
    CompletableFuture<HttpResponse<String>> stayer = queue("<stayer>");

    leaver.cancel(true);

    await().until(() -> queued() == 1);
    gate.complete(null);
    assertThat(stayer.get().body()).contains("message_stop");
    assertThat(order(1)).containsExactly("stayer");
    assertThat(upstream.completions()).hasSize(2);
    awaitFree();
  }

  @Test
  void whoLeavesInMidStreamGivesItsPlaceBack() throws Exception {
    oneAtATime();
    CompletableFuture<HttpResponse<String>> slow = occupy();
    CompletableFuture<HttpResponse<String>> next = queue("next");

    slow.cancel(true);

    assertThat(next.get().body()).contains("message_stop");
    awaitFree();
  }

  @Test
  void whoLeavesBeforeTheFirstByteGivesItsPlaceBack() throws Exception {
    oneAtATime();
    upstream.enqueue(Script.silence());
    CompletableFuture<HttpResponse<String>> silent = send("silent");
    upstream.takeCompletion(SOON);
    CompletableFuture<HttpResponse<String>> next = queue("next");

    silent.cancel(true);

    assertThat(next.get().body()).contains("message_stop");
    awaitFree();
  }

  @Test
  void failuresGiveTheirPlacesBack() throws Exception {
    oneAtATime("caravan.retry.attempts", "1", "caravan.circuit.minimum-calls", "1000");
    List<Script> faults =
        List.of(
            Script.json(500, "{\"error\":{\"message\":\"broken\"}}"),
            Script.json(400, "{\"error\":{\"message\":\"no\"}}"),
            Script.whole(200, "text/html", "<html>no completion</html>"),
            Script.stream(Chunks.error(503, "busy")),
            Script.stream(Chunks.text("half")).reset(),
            Script.stream(Chunks.text("half")).close());
    for (Script fault : faults) {
      for (boolean stream : new boolean[] {true, false}) {
        upstream.enqueue(fault);
        assertThat(send("x", stream).get().body()).contains("error");
        awaitFree();
      }
    }
    assertThat(send("x", false).get().body()).contains("ok");
    awaitFree();
  }

  @Test
  void aPlaceIsFreeWhenTheNextModelOfTheChainIsCalled() throws Exception {
    try (ScriptedUpstream other = ScriptedUpstream.start()) {
      // The failed model is called again at once.
      oneAtATime(
          "caravan.model.default", MODEL + ", vllm/other/model", "caravan.set-aside.gone", "1");
      gateway
          .context()
          .getRegistry()
          .lookupByNameAndType("vllm", Provider.class)
          .setBaseUrl(other.url());
      upstream.enqueue(Script.json(404, "{\"error\":{\"message\":\"model not found\"}}"));
      other.enqueue(Script.stream(Chunks.text("slow")).stall());

      CompletableFuture<HttpResponse<String>> elsewhere = send("x");

      other.takeCompletion(SOON);
      awaitFree();
      assertThat(send("y").get().body()).contains("message_stop");
      elsewhere.cancel(true);
    }
  }

  @Test
  void aWaitThatWouldBeTooLongIsRefusedAtOnceWithItsLength() throws Exception {
    start("caravan.nim.rate-limit", "1", "caravan.limits.window", "120000");
    assertThat(send("first").get().statusCode()).isEqualTo(200);

    HttpResponse<String> refused = send("second").get();

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("rate_limit_error").contains("nim");
    assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow())
        .isBetween(60L, 121L);
    assertThat(queued()).isZero();
    assertThat(upstream.completions()).hasSize(1);
  }

  @Test
  void aWaitSendsPingsAndItsRefusalIsOverloaded() throws Exception {
    start(
        "caravan.nim.max-concurrency",
        "1",
        "caravan.nim.max-wait",
        "1500",
        "caravan.keep-alive",
        "300");
    CompletableFuture<HttpResponse<String>> unused = occupy();

    HttpResponse<String> answer = send("next").get();

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .startsWith(": ")
        .contains("event: error\n")
        .contains("overloaded_error");
    assertThat(queued()).isZero();
  }
}
