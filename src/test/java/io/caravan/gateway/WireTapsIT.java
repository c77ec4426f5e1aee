package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.Warnings;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tap that fails leaves no trace in the request that it watches, whenever it fails. */
class WireTapsIT {
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":%s,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static final String TAPS =
      """
      - beans:
          - name: tapTarget
            type: io.caravan.gateway.WireTapsIT$Target
      - route:
          id: early-target
          from:
            uri: direct:early-target
            steps:
              - to: bean:tapTarget?method=earlyRoute
      - route:
          id: mid-target
          from:
            uri: direct:mid-target
            steps:
              - to: bean:tapTarget?method=midRoute
      """;

  private static final AtomicReference<String> FAILING = new AtomicReference<>();

  @TempDir static Path directory;
  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  /** What the taps lead to. One of them fails, once. */
  public static final class Target {
    public void earlyRoute() {
      failIf("early-route");
    }

    public void earlyEndpoint() {
      failIf("early-endpoint");
    }

    public void midRoute() {
      failIf("mid-route");
    }

    public void midEndpoint() {
      failIf("mid-endpoint");
    }

    private static void failIf(String tap) {
      if (tap.equals(FAILING.get())) {
        FAILING.set(null);
        throw new IllegalStateException("the target is away");
      }
    }
  }

  @BeforeAll
  static void start() throws Exception {
    OneRun.copyApplication(directory);
    Path messages = directory.resolve("routes/messages.camel.yaml");
    String text = Files.readString(messages);
    text = insert(text, "uri: kamelet:caravan-read-request-action\n", "early");
    Files.writeString(messages, text);
    Path stream = directory.resolve("routes/stream-openai.camel.yaml");
    Files.writeString(stream, insert(Files.readString(stream), "ref: convertChunks\n", "mid"));
    Files.writeString(directory.resolve("routes/taps.camel.yaml"), TAPS);
    Files.writeString(
        directory.resolve("keys"), "sha256:" + sha256("ann's") + " name=ann tpm=100000\n");
    upstream = ScriptedUpstream.start();
    gateway =
        Gateway.in(
            directory, upstream, "caravan.client-keys-file", directory.resolve("keys").toString());
  }

  /** Puts two taps behind a step: one to a route, one to an endpoint. */
  private static String insert(String route, String behind, String name) {
    int at = route.indexOf(behind) + behind.length();
    int line = route.lastIndexOf("- ", at);
    String indent = " ".repeat(line - route.lastIndexOf('\n', line) - 1);
    String taps =
        """
        - wireTap: {id: NAME-route, uri: "direct:NAME-target"}
        - wireTap: {id: NAME-endpoint, uri: "bean:tapTarget?method=NAMEEndpoint"}
        """
            .replace("NAME", name)
            .indent(indent.length());
    return route.substring(0, at) + taps + route.substring(at);
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            java.security.MessageDigest.getInstance("SHA-256")
                .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @ParameterizedTest(name = "{0}, streamed: {1}")
  @CsvSource({
    "early-route, true",
    "early-route, false",
    "early-endpoint, true",
    "early-endpoint, false",
    "mid-route, true",
    "mid-route, false",
    "mid-endpoint, true",
    "mid-endpoint, false"
  })
  void changesNothingButTheLogByFailing(String tap, boolean stream) throws Exception {
    long atFirst = tokensLeft(ask(stream, CompletableFuture.completedFuture(null)));
    Map<String, Double> before = metrics();
    HttpResponse<String> untroubled = ask(stream, CompletableFuture.completedFuture(null));
    Map<String, Double> between = metrics();
    HttpResponse<String> troubled;
    try (Warnings warnings = Warnings.listen()) {
      CompletableFuture<Void> failed = new CompletableFuture<>();
      FAILING.set(tap);
      CompletableFuture<Void> watch =
          CompletableFuture.runAsync(() -> await().until(() -> !warnings.lines().isEmpty()))
              .whenComplete((done, timeout) -> failed.complete(null));

      // A message that is not streamed has come as a whole before any of its parts is split off.
      boolean waits = stream || tap.startsWith("early");
      troubled = ask(stream, waits ? failed : CompletableFuture.completedFuture(null));

      watch.get(30, TimeUnit.SECONDS);
      assertThat(warnings.lines())
          .singleElement()
          .asString()
          .startsWith("WARN io.caravan - Request req_")
          .contains("the wire tap " + tap + " (", "the target is away")
          .doesNotContain("\n");
    }
    assertThat(troubled.statusCode()).isEqualTo(200);
    assertThat(plain(troubled)).isEqualTo(plain(untroubled)).contains("before and after");
    assertThat(difference(between, metrics())).isEqualTo(difference(before, between));
    long charged = atFirst - tokensLeft(untroubled);
    assertThat(charged).isPositive();
    assertThat(tokensLeft(untroubled) - tokensLeft(troubled)).isEqualTo(charged);
    assertThat(
            tokensLeft(troubled) - tokensLeft(ask(stream, CompletableFuture.completedFuture(null))))
        .isEqualTo(charged);
    gateway.awaitNothingOpen();
  }

  /** The upstream goes on only once the tap has failed. */
  private static HttpResponse<String> ask(boolean stream, CompletableFuture<Void> goOn)
      throws Exception {
    upstream.enqueue(
        Script.stream(Chunks.role(), Chunks.text("before "))
            .await(goOn)
            .write(Chunks.text("and after") + Chunks.finish("stop"))
            .write(Chunks.usage(10, 5) + Chunks.DONE));
    return gateway.post("/v1/messages", HI.formatted(stream), "x-api-key", "ann's");
  }

  private static long tokensLeft(HttpResponse<String> answer) {
    return answer.headers().firstValueAsLong("anthropic-ratelimit-tokens-remaining").orElseThrow();
  }

  private static String plain(HttpResponse<String> answer) {
    return text(answer.body().replaceAll("(msg|req)_\\w+", "$1_"));
  }

  /** However the text came in pieces. */
  private static String text(String body) {
    return body.replaceAll(
        "\"\\}\\}\n\nevent: content_block_delta\ndata: \\{\"type\":\"content_block_delta\","
            + "\"index\":0,\"delta\":\\{\"type\":\"text_delta\",\"text\":\"",
        "");
  }

  private static Map<String, Double> metrics() {
    gateway.awaitNothingOpen();
    MeterRegistry meters = gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
    Map<String, Double> values = new TreeMap<>();
    for (Meter meter : meters.getMeters()) {
      String name = meter.getId().getName();
      if (List.of("caravan_requests", "caravan_tokens", "caravan_upstream_attempts")
          .contains(name)) {
        values.put(name + meter.getId().getTags(), meter.measure().iterator().next().getValue());
      }
    }
    return values;
  }

  private static Map<String, Double> difference(
      Map<String, Double> before, Map<String, Double> after) {
    Map<String, Double> difference = new TreeMap<>();
    after.forEach((name, value) -> difference.put(name, value - before.getOrDefault(name, 0.0)));
    return difference;
  }
}
