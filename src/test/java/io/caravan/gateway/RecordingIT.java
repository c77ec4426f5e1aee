package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.corpus.CorpusCase;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.Reader;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.Message;
import org.apache.camel.component.mock.MockComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the recordings of exchanges. */
class RecordingIT {
  private static final String ASK =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":100,\"stream\":%s,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Où est %s?\"}]}";
  private static final String CLIENTS_KEY = "the-key-of-one-client";
  private static final String PROVIDERS_KEY = "nvapi-the-providers-own-key";

  @TempDir Path temporary;
  private Path directory;
  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void startUpstream() throws Exception {
    directory = temporary.resolve("recordings");
    upstream = ScriptedUpstream.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private void start(String... settings) throws Exception {
    String[] always = {
      "caravan.record.enabled",
      "true",
      "caravan.record.directory",
      directory.toString(),
      "caravan.nim.api-key",
      PROVIDERS_KEY,
      "caravan.retry.total",
      "0"
    };
    gateway =
        Gateway.before(
            upstream, Stream.concat(Stream.of(always), Stream.of(settings)).toArray(String[]::new));
  }

  private Path recordingOf(HttpResponse<?> answer) {
    Path file =
        directory.resolve(answer.headers().firstValue("request-id").orElseThrow() + ".case");
    await().until(() -> Files.exists(file));
    return file;
  }

  private List<Path> files() throws Exception {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static List<String> data(HttpResponse<String> answer) {
    return answer
        .body()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring(6))
        .filter(data -> !data.equals("{\"type\":\"ping\"}"))
        .toList();
  }

  @Test
  void aStreamIsACaseOfTheCorpus() throws Exception {
    start();
    String sent = Chunks.role() + Chunks.text("Ici: é") + Chunks.finish("stop") + Chunks.DONE;
    upstream.enqueue(Script.stream(sent));
    String request = ASK.formatted(true, PROVIDERS_KEY + CLIENTS_KEY);
    String[] headers = {"x-api-key", CLIENTS_KEY, "x-claude-code-session-id", "the-session"};

    HttpResponse<String> answer = gateway.post("/v1/messages", request, headers);

    assertThat(answer.headers().firstValue("caravan-recorded")).hasValue("true");
    Path file = recordingOf(answer);
    CorpusCase recorded = CorpusCase.read(file);
    assertThat(recorded.requestJson()).isEqualTo(masked(request));
    assertThat(recorded.upstreamRequest()).isEqualTo(masked(upstream.completions().get(0).text()));
    assertThat(recorded.upstream()).hasSize(1);
    assertThat(recorded.upstream().get(0).status()).isEqualTo(200);
    assertThat(recorded.upstream().get(0).body()).asString().isEqualTo(sent);
    assertThat(recorded.upstream().get(0).reset()).isFalse();
    assertThat(recorded.events()).isEqualTo(data(answer));
    assertThat(Files.readString(file))
        .contains("# session: the-session", "# model: nim/z-ai/glm-5.3", "# outcome: ok")
        .doesNotContain(PROVIDERS_KEY, CLIENTS_KEY);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
  }

  private static String masked(String json) {
    assertThat(json).contains(PROVIDERS_KEY, CLIENTS_KEY);
    return json.replace(PROVIDERS_KEY, "***").replace(CLIENTS_KEY, "***");
  }

  /** A replay of one would find nothing to answer. */
  @Test
  void anExplanationIsNotRecorded() throws Exception {
    start("caravan.explain", "true");

    HttpResponse<String> explained =
        gateway.post("/v1/messages?explain=true", ASK.formatted(false, "it"));
    upstream.enqueue(Script.says("Here."));
    recordingOf(gateway.post("/v1/messages", ASK.formatted(false, "it")));

    assertThat(explained.body()).contains("\"type\":\"explanation\"");
    assertThat(explained.headers().firstValue("caravan-recorded")).isEmpty();
    assertThat(files()).hasSize(1);
  }

  @Test
  void aWholeMessageIsRecordedWithEachCall() throws Exception {
    start("caravan.retry.total", "8000");
    upstream.enqueue(
        Script.json(503, "{\"error\":{\"message\":\"busy, " + PROVIDERS_KEY + "\"}}"),
        Script.stream(Chunks.text("--- \r\n--- events")).reset(),
        Script.says("Here."));

    HttpResponse<String> answer = gateway.post("/v1/messages", ASK.formatted(false, "it"));

    CorpusCase recorded = CorpusCase.read(recordingOf(answer));
    assertThat(recorded.message()).isEqualTo(answer.body());
    assertThat(recorded.upstream())
        .extracting(CorpusCase.Answer::status)
        .containsExactly(503, 200, 200);
    assertThat(recorded.upstream())
        .extracting(CorpusCase.Answer::reset)
        .containsExactly(false, true, false);
    assertThat(recorded.upstream().get(0).body()).asString().contains("busy, ***");
    assertThat(recorded.upstream().get(1).body())
        .asString()
        .isEqualTo(Chunks.text("--- \r\n--- events"));
  }

  @Test
  void aFailureIsRecordedAsTheClientSawIt() throws Exception {
    start();
    upstream.answer(
        asked ->
            Script.json(400, "{\"error\":{\"message\":\"no such thing, " + PROVIDERS_KEY + "\"}}"));

    HttpResponse<String> answer = gateway.post("/v1/messages", ASK.formatted(true, "it"));

    CorpusCase recorded = CorpusCase.read(recordingOf(answer));
    assertThat(recorded.error().status())
        .isEqualTo(answer.statusCode())
        .isGreaterThanOrEqualTo(400);
    assertThat(recorded.error().text()).contains("no such thing, ***");
    assertThat(hasStage("record")).isTrue();
  }

  private boolean hasStage(String id) {
    MeterRegistry meters = gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
    return meters.find("caravan_stage").tag("stage", id).meter() != null;
  }

  @Test
  void onlyTheChosenAreRecorded() throws Exception {
    start("caravan.record.sessions", "one, two", "caravan.api-keys", "key-of-nobody-else");
    upstream.answer(asked -> Script.says("Here."));
    String request = ASK.formatted(false, "it");
    String[] key = {"x-api-key", "key-of-nobody-else", "x-claude-code-session-id", "two"};

    HttpResponse<String> other =
        gateway.post("/v1/messages", request, "x-api-key", "key-of-nobody-else");
    HttpResponse<String> chosen = gateway.post("/v1/messages", request, key);

    assertThat(other.headers().firstValue("caravan-recorded")).isEmpty();
    recordingOf(chosen);
    assertThat(files()).hasSize(1);
  }

  @Test
  void oldOnesAndTooManyAreDeletedAndNothingElse() throws Exception {
    Files.createDirectories(directory);
    Path old = directory.resolve("req_" + "0".repeat(24) + ".case");
    Path foreign = directory.resolve("notes.case");
    for (Path file : List.of(old, foreign)) {
      Files.writeString(file, "x");
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
    }
    start("caravan.record.max-bytes", "5000");
    upstream.answer(asked -> Script.says("Here."));

    await().until(() -> !Files.exists(old));
    for (int i = 0; i < 5; i++) {
      Path file = recordingOf(gateway.post("/v1/messages", ASK.formatted(false, "it")));
      assertThat(Files.size(file)).isBetween(1300L, 2400L);
    }

    await().untilAsserted(() -> assertThat(files()).hasSizeBetween(3, 4).contains(foreign));
  }

  @Test
  void aLargeExchangeIsNotRecorded() throws Exception {
    start("caravan.record.max-size", "2000");
    upstream.enqueue(Script.says("x".repeat(3000)));
    HttpResponse<String> large = gateway.post("/v1/messages", ASK.formatted(false, "it"));
    upstream.enqueue(Script.says("small"));
    HttpResponse<String> small = gateway.post("/v1/messages", ASK.formatted(false, "it"));

    assertThat(large.body()).contains("x".repeat(3000));
    Path kept = recordingOf(small);
    assertThat(files()).containsExactly(kept);
  }

  /** The step is not in the route, and nothing of it costs. */
  @Test
  void nothingIsRecordedUnlessSwitchedOn() throws Exception {
    start("caravan.record.enabled", "false");
    upstream.enqueue(Script.says("Here."));

    HttpResponse<String> answer = gateway.post("/v1/messages", ASK.formatted(false, "it"));

    assertThat(answer.headers().firstValue("caravan-recorded")).isEmpty();
    assertThat(hasStage("read-request")).isTrue();
    assertThat(hasStage("record")).isFalse();
    assertThat(files()).isEmpty();
  }

  /** Kafka's place is taken by a mock: what counts is what its component is sent. */
  @Test
  void theExampleForKafkaSendsTheCaseUnderItsId() throws Exception {
    OneRun.copyApplication(temporary);
    Files.copy(
        Path.of("examples/record-to-kafka/record-to-kafka.camel.yaml"),
        temporary.resolve("routes/record-to-kafka.camel.yaml"));
    Properties example = new Properties();
    try (Reader file =
        Files.newBufferedReader(Path.of("examples/record-to-kafka/application.properties"))) {
      example.load(file);
    }
    Map<String, String> settings = new HashMap<>();
    example.forEach((key, value) -> settings.put((String) key, (String) value));
    assertThat(settings.remove("camel.component.kafka.brokers")).isEqualTo("localhost:9092");
    settings.put("camel.beans.kafka", "#class:" + MockComponent.class.getName());
    settings.put("caravan.nim.base-url", upstream.url());
    settings.put("caravan.record.directory", directory.toString());
    gateway = Gateway.in(temporary, settings);
    MockEndpoint topic =
        gateway.context().getEndpoint("kafka:caravan-recordings", MockEndpoint.class);
    upstream.enqueue(Script.says("Here."));

    HttpResponse<String> answer = gateway.post("/v1/messages", ASK.formatted(false, "it"));

    await().until(() -> topic.getReceivedCounter() == 1);
    Message sent = topic.getReceivedExchanges().get(0).getMessage();
    String id = answer.headers().firstValue("request-id").orElseThrow();
    assertThat(sent.getHeader("kafka.KEY")).isEqualTo(id);
    assertThat(sent.getBody(String.class)).contains("# request-id: " + id, "--- message\n");
    assertThat(files()).isEmpty();
  }
}
