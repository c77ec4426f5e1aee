package io.caravan.reload;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.Slow;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that no request notices an edit of the route files. */
@Slow
class ReloadUnderLoadIT {
  private static final int STREAMS = 100;
  private static final int EDITS = 50;
  private static final int EVERY_MILLIS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A provider with a route of its own. */
  private static final String ACME =
      """
      - beans:
          - name: acme
            type: io.caravan.provider.Provider
            properties: {name: acme, baseUrl: "URL"}
      - route:
          id: provider-acme
          from:
            uri: direct:provider-acme
            steps:
              - to: {uri: kamelet:caravan-convert-action}
              - to: {uri: kamelet:caravan-call-action}
      """;

  private static final String PAGE =
      """
      - route:
          id: page
          from:
            uri: platform-http:/page
            steps:
              - setBody: {constant: "edit %d"}
      """;

  private static final String WORK =
      """
      - route:
          id: work
          description: edit %d
          from:
            uri: seda:work
            steps:
              - process: {ref: "#class:io.caravan.reload.ReloadUnderLoadIT$Works"}
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final CompletableFuture<Void> goOn = new CompletableFuture<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger pending = new AtomicInteger();
  private final ScriptedUpstream upstream =
      ScriptedUpstream.start().recordNothing().answer(this::answer);

  @TempDir Path directory;
  private Gateway gateway;
  private int sent;

  /** A step that lasts until the test says so. */
  public static final class Works implements Processor {
    static final CountDownLatch BEGUN = new CountDownLatch(1);
    static final CountDownLatch END = new CountDownLatch(1);

    @Override
    public void process(Exchange exchange) throws InterruptedException {
      BEGUN.countDown();
      END.await();
    }
  }

  private Script answer(ReceivedRequest request) {
    if (!request.text().contains("stay open")) {
      return Script.says("from the upstream");
    }
    opened.incrementAndGet();
    return Script.stream(Chunks.role(), Chunks.text("before "))
        .await(goOn)
        .write(Chunks.text("after") + Chunks.finish("stop") + Chunks.usage(1, 2) + Chunks.DONE);
  }

  @BeforeEach
  void start() throws Exception {
    OneRun.copyApplication(directory);
    write("providers/acme.camel.yaml", acme());
    write("page.camel.yaml", PAGE.formatted(0));
    write("work.camel.yaml", WORK.formatted(0));
    gateway =
        Gateway.in(
            directory,
            upstream,
            "caravan.upstream.byte-idle-timeout",
            "600000",
            "caravan.upstream.payload-idle-timeout",
            "600000",
            "camel.main.routesReloadDirectory",
            directory.resolve("routes").toString());
  }

  @AfterEach
  void stop() {
    goOn.complete(null);
    gateway.close();
    upstream.close();
  }

  @Test
  void noRequestFailsWhileFilesAreEdited() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      streams.add(
          http.sendAsync(
              message("nim/test/model", "stay open"), HttpResponse.BodyHandlers.ofString()));
    }
    await().atMost(PATIENCE).until(() -> opened.get() == STREAMS);
    ScheduledExecutorService clients = Executors.newSingleThreadScheduledExecutor();
    var unused = clients.scheduleAtFixedRate(this::sendNext, 0, EVERY_MILLIS, MILLISECONDS);

    for (int i = 1; i <= EDITS; i++) {
      edit(i);
      assertThat(failures).as("edit %d", i).isEmpty();
    }

    clients.shutdown();
    await().atMost(PATIENCE).until(() -> pending.get() == 0);
    assertThat(failures).isEmpty();
    assertThat(answered.get()).isGreaterThan(EDITS);
    assertThat(streams).noneMatch(CompletableFuture::isDone);
    goOn.complete(null);
    for (CompletableFuture<HttpResponse<String>> stream : streams) {
      assertThat(stream.get(60, TimeUnit.SECONDS).body())
          .contains("before ", "after", "message_stop")
          .doesNotContain("event: error");
    }
    gateway.awaitNothingOpen();
    RetiredRoutes retired =
        gateway.context().getLifecycleStrategies().stream()
            .filter(RetiredRoutes.class::isInstance)
            .map(RetiredRoutes.class::cast)
            .findFirst()
            .orElseThrow();
    await().atMost(PATIENCE).until(() -> retired.size() == 0);
    assertThat(ask("acme/m").body()).contains("from the upstream");
  }

  @Test
  void anEditWaitsForARouteThatMayNotBeThereTwice() throws Exception {
    gateway.context().createProducerTemplate().sendBody("seda:work", "work");
    assertThat(Works.BEGUN.await(60, TimeUnit.SECONDS)).isTrue();

    try (LogLines log = LogLines.listen()) {
      write("work.camel.yaml", WORK.formatted(1));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(log.lines()).contains("The edit waits until route work is idle"));
    }
    assertThat(description("work")).isEqualTo("edit 0");
    assertThat(ask("nim/test/model").statusCode()).isEqualTo(200);

    Works.END.countDown();
    await().atMost(PATIENCE).until(() -> description("work").equals("edit 1"));
  }

  private void edit(int i) throws Exception {
    switch (i % 10) {
      case 0 -> {
        write("providers/acme.camel.yaml", acme());
        awaitStatus("acme/m", 200);
      }
      case 1, 6 -> {
        describe("messages.camel.yaml", "id: messages\n", i);
        await().atMost(PATIENCE).until(() -> description("messages").equals("edit " + i));
      }
      case 2, 7 -> {
        write("page.camel.yaml", PAGE.formatted(i));
        await()
            .atMost(PATIENCE)
            .until(() -> gateway.send("GET", "/page").body().equals("edit " + i));
      }
      case 3 -> refused(i);
      case 4 -> comment(i);
      case 5 -> {
        describe("providers/nim.camel.yaml", "id: provider-nim\n", i);
        change("providers/nim.camel.yaml", "maxStops: \"[0-9]+\"", "maxStops: \"" + i + "\"");
        await().atMost(PATIENCE).until(() -> description("provider-nim").equals("edit " + i));
      }
      case 8 -> {
        describe("stream-openai.camel.yaml", "id: stream-openai\n", i);
        change("stages.camel.yaml", "size:33[0-9]+", "size:33" + (554000 + i));
        await().atMost(PATIENCE).until(() -> description("stream-openai").equals("edit " + i));
      }
      default -> {
        Files.delete(directory.resolve("routes/providers/acme.camel.yaml"));
        awaitStatus("acme/m", 404);
      }
    }
  }

  private void comment(int i) throws IOException {
    try (var files = Files.list(directory.resolve("routes"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = String.valueOf(file.getFileName());
        write(name, "# Edit " + i + "\n" + Files.readString(file));
      }
    }
  }

  private void refused(int i) throws IOException {
    String before = Files.readString(directory.resolve("routes/messages.camel.yaml"));
    String broken =
        i % 20 < 10
            ? "- route: ["
            : "- route: {id: edit, from: {uri: 'none:edit', steps: [{log: no}]}}";
    write("messages.camel.yaml", before + broken + "\n");
    RouteWatcherReloadStrategy reload =
        gateway.context().hasService(RouteWatcherReloadStrategy.class);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(String.valueOf(reload.lastErrorMessage()))
                    .contains("stay as they were"));
    write("messages.camel.yaml", before);
  }

  /** Sends one kind of request after the other. */
  private void sendNext() {
    switch (sent++ % 5) {
      case 0 -> send("message_stop", message("nim/test/model", "Hi"));
      case 1 -> send("from the upstream", whole("/v1/messages", "nim/test/model"));
      case 2 -> send("\"data\"", request("/v1/models").GET().build());
      case 3 -> send("input_tokens", whole("/v1/messages/count_tokens", "nim/test/model"));
      default -> send("edit ", request("/page").GET().build());
    }
  }

  private void send(String wanted, HttpRequest request) {
    pending.incrementAndGet();
    var unused =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
            .whenComplete(
                (response, error) -> {
                  if (error != null
                      || response.statusCode() != 200
                      || !response.body().contains(wanted)) {
                    failures.add(request.uri() + ": " + (error == null ? text(response) : error));
                  }
                  answered.incrementAndGet();
                  pending.decrementAndGet();
                });
  }

  private static String text(HttpResponse<String> response) {
    return response.statusCode() + " " + response.body();
  }

  private void awaitStatus(String model, int status) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(ask(model).statusCode()).isEqualTo(status));
  }

  private HttpResponse<String> ask(String model) throws Exception {
    return http.send(whole("/v1/messages", model), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest whole(String path, String model) {
    return request(path).POST(body(model, "Hi", false)).build();
  }

  private HttpRequest message(String model, String text) {
    return request("/v1/messages").POST(body(model, text, true)).build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(gateway.url() + path))
        .header("content-type", "application/json");
  }

  private static HttpRequest.BodyPublisher body(String model, String text, boolean stream) {
    return HttpRequest.BodyPublishers.ofString(
        """
        {"model":"%s","max_tokens":9,"stream":%s,"messages":[{"role":"user","content":"%s"}]}
        """
            .formatted(model, stream, text));
  }

  private String description(String route) {
    // A route is in no list for a moment while it is exchanged.
    Route found = gateway.context().getRoute(route);
    return found == null ? "" : String.valueOf(found.getDescription());
  }

  private String acme() {
    return ACME.replace("URL", upstream.url());
  }

  /** Sets the description of a route, below its id. */
  private void describe(String file, String id, int edit) throws IOException {
    change(file, id + "(    description: .*\n)?", id + "    description: edit " + edit + "\n");
  }

  private void change(String file, String pattern, String text) throws IOException {
    String before = Files.readString(directory.resolve("routes").resolve(file));
    String after = Pattern.compile(pattern).matcher(before).replaceFirst(text);
    assertThat(after).isNotEqualTo(before);
    write(file, after);
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve("routes").resolve(file), text);
  }
}
