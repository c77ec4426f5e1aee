package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.Ports;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.Warnings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests a provider with several keys. */
class SeveralKeysIT {
  private static final String FIRST = "nvapi-the-first-key-4f1d";
  private static final String SECOND = "own-second-key-9c2b";

  private final ScriptedUpstream upstream = ScriptedUpstream.start();
  private final HttpClient http = HttpClient.newHttpClient();
  private int managementPort;
  private Gateway gateway;

  private void start(String... settings) throws Exception {
    managementPort = Ports.free();
    List<String> all =
        new ArrayList<>(
            List.of(
                "camel.management.port",
                String.valueOf(managementPort),
                "caravan.nim.api-key",
                FIRST + ", " + SECOND,
                "caravan.nim.max-wait",
                "0",
                "caravan.retry.total",
                "50"));
    all.addAll(List.of(settings));
    upstream.answer(request -> Script.says("ok"));
    gateway = Gateway.before(upstream, all.toArray(String[]::new));
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private HttpResponse<String> ask() throws Exception {
    return gateway.post(
        "/v1/messages",
        "{\"model\":\"nim/some/model\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
  }

  private void ask(int times, int status) throws Exception {
    for (int i = 0; i < times; i++) {
      assertThat(ask().statusCode()).isEqualTo(status);
    }
  }

  private static boolean isFirst(ReceivedRequest request) {
    return request.header("authorization").equals("Bearer " + FIRST);
  }

  /** Returns 1 or 2 for the key of each call. */
  private List<Integer> keys() {
    return upstream.completions().stream()
        .map(
            call -> {
              assertThat(call.header("authorization")).isIn("Bearer " + FIRST, "Bearer " + SECOND);
              return isFirst(call) ? 1 : 2;
            })
        .toList();
  }

  private String manage(String method) throws Exception {
    return http.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + managementPort + "/observe/limits"))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @ParameterizedTest
  @CsvSource({"in-order,1 1 1 2 2 2", "in-turn,1 2 1 2 1 2"})
  void keepsEachKeyWithinItsWindow(String order, String expected) throws Exception {
    start("caravan.nim.rate-limit", "3", "caravan.keys.order", order);

    ask(6, 200);
    ask(3, 429);

    assertThat(keys().toString().replaceAll("[\\[\\],]", "")).isEqualTo(expected);
    assertThat(manage("GET"))
        .contains("{\"key\":\"nim\",\"calls\":3,\"used\":3")
        .contains("{\"key\":\"nim#2\",\"calls\":3,\"used\":3")
        .doesNotContain(FIRST, SECOND);
  }

  @Test
  void keepsKeysWithinTheirWindowsUnderManyRequestsAtOnce() throws Exception {
    start("caravan.nim.rate-limit", "5");

    List<Integer> statuses = new ArrayList<>();
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      all.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return ask().statusCode();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    all.forEach(one -> statuses.add(one.join()));

    Map<Integer, Integer> calls = new TreeMap<>();
    keys().forEach(key -> calls.merge(key, 1, Integer::sum));
    assertThat(calls.getOrDefault(1, 0)).isLessThanOrEqualTo(5);
    assertThat(calls.getOrDefault(2, 0)).isLessThanOrEqualTo(5);
    assertThat(statuses.stream().filter(status -> status == 200).count())
        .isEqualTo(upstream.completions().size());
  }

  @ParameterizedTest
  @CsvSource({"401,Unauthorized", "402,Payment Required", "429,insufficient_quota"})
  void setsARefusedKeyAsideAndSaysSoWithoutShowingIt(int status, String code) throws Exception {
    start();
    upstream.answer(
        request ->
            isFirst(request)
                ? Script.json(
                    status,
                    "{\"error\":{\"code\":\"" + code + "\",\"message\":\"bad key " + FIRST + "\"}}")
                : Script.says("ok"));
    try (Warnings warnings = Warnings.listen()) {
      ask(3, 200);

      assertThat(warnings.lines())
          .allSatisfy(line -> assertThat(line).doesNotContain(FIRST, SECOND))
          .filteredOn(line -> line.startsWith("ERROR"))
          .singleElement()
          .asString()
          .contains("UpstreamKeys", "Key 1 of 2 in NVIDIA_API_KEY", "HTTP " + status, "600 s");
    }
    assertThat(keys()).containsExactly(1, 2, 2, 2);
    assertThat(manage("GET"))
        .containsPattern(
            "\\{\"key\":\"nim key 1\",\"reason\":\"HTTP " + status + "\",\"again_in\":(600|59\\d)}")
        .doesNotContain(FIRST, SECOND);

    assertThat(manage("DELETE")).contains("{\"forgotten\":1}");
    ask(1, 200);
    assertThat(keys()).endsWith(1, 2);
  }

  @Test
  void triesARefusedKeyAgainOnceItsTimeIsOver() throws Exception {
    start("caravan.keys.refused-for", "2000");
    upstream.enqueue(Script.json(401, "{}"), Script.says("ok"));

    ask(1, 200);
    await().untilAsserted(() -> assertThat(manage("GET")).contains("\"refused_keys\":[]"));
    ask(1, 200);

    assertThat(keys()).containsExactly(1, 2, 1);
  }

  @Test
  void aKeyThatWorksAgainIsAsGoodAsNew() throws Exception {
    start("caravan.keys.refused-for", "2000");
    upstream.enqueue(Script.json(401, "{}"), Script.says("ok"));
    ask(1, 200);
    await().untilAsserted(() -> assertThat(manage("GET")).contains("\"refused_keys\":[]"));
    ask(1, 200);

    upstream.enqueue(Script.json(401, "{}"), Script.says("ok"));
    ask(1, 200);

    assertThat(keys()).containsExactly(1, 2, 1, 1, 2);
    assertThat(manage("GET")).as("not twice as long").doesNotContainPattern("again_in\":[34]}");
  }

  @Test
  void usesMoreThanTwoInTurn() throws Exception {
    String third = "own-third-key-77aa";
    start(
        "caravan.nim.api-key", FIRST + "," + SECOND + "," + third, "caravan.keys.order", "in-turn");

    ask(6, 200);

    assertThat(upstream.completions())
        .extracting(call -> call.header("authorization").substring("Bearer ".length()))
        .containsExactly(FIRST, SECOND, third, FIRST, SECOND, third);
  }

  @Test
  void waitsForTheKeyThatIsFreeFirst() throws Exception {
    start("caravan.limits.learned-wait", "0");
    upstream.enqueue(
        Script.json(429, "{\"title\":\"Too Many Requests\"}", "Retry-After: 90"),
        Script.json(429, "{\"title\":\"Too Many Requests\"}", "Retry-After: 30"));

    HttpResponse<String> refused = ask();

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(Integer.parseInt(refused.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(20, 31);
    HttpResponse<String> next = ask();
    assertThat(Integer.parseInt(next.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(20, 31);
    assertThat(keys()).containsExactly(1, 2);
  }

  @Test
  void aKeyThatMayNotUseAModelStaysInUseForOthers() throws Exception {
    start();
    upstream.enqueue(
        Script.json(
            403, "{\"status\":403,\"title\":\"Forbidden\",\"detail\":\"Authorization failed\"}"));
    ask(2, 200);
    gateway.post(
        "/v1/messages",
        "{\"model\":\"nim/other/model\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

    assertThat(keys()).containsExactly(1, 2, 2, 1);
  }

  @Test
  void goesOnWithTheNextKeyWhileOneCoolsDown() throws Exception {
    start();
    upstream.enqueue(Script.json(429, "{\"title\":\"Too Many Requests\"}", "Retry-After: 60"));

    ask(2, 200);

    assertThat(keys()).containsExactly(1, 2, 2);
  }

  @Test
  void showsNoKeyIfAllAreRefused() throws Exception {
    start();
    upstream.answer(
        request ->
            Script.json(
                401,
                "{\"error\":{\"message\":\"bad key "
                    + request.header("authorization").substring(7)
                    + "\"}}"));

    HttpResponse<String> first;
    HttpResponse<String> second;
    try (Warnings warnings = Warnings.listen()) {
      first = ask();
      second = ask();

      // One line for each key, and one that nothing is left.
      assertThat(warnings.lines()).filteredOn(line -> line.startsWith("ERROR")).hasSize(3);
    }

    assertThat(keys()).containsExactly(1, 2, 1);
    assertThat(first.body() + second.body())
        .contains("Check NVIDIA_API_KEY")
        .doesNotContain(FIRST, SECOND, "second-key", "first-key");
  }
}
