package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Searches all output for canaries in the place of secrets. */
@Timeout(120)
class SecretsIT {
  private static final String CLIENT_KEY = "sk-client-canary-4f1d";
  private static final String UPSTREAM_KEY = "nvapi-upstream-canary-9c2b";
  private static final String PROMPT = "prompt-canary-77e0";
  private static final String ANSWER = "answer-canary-51aa";
  private static final Set<String> SENT_UPSTREAM =
      Set.of(
          "accept",
          "accept-encoding",
          "authorization",
          "connection",
          "content-length",
          "content-type",
          "host",
          "transfer-encoding",
          "user-agent");

  @TempDir Path directory;
  private final ScriptedUpstream upstream = ScriptedUpstream.start();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> answers = new ArrayList<>();
  private CaravanProcess caravan;

  /** Everything that any library logs, and the wire log that HttpClient's documentation names. */
  private static final String TRACE =
      """
      <configuration>
        <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%date %level %logger - %message%n</pattern></encoder>
        </appender>
        <root level="trace"><appender-ref ref="out"/></root>
        <logger name="org.apache.hc.client5.http.wire" level="trace"/>
        <logger name="org.apache.hc.client5.http.headers" level="trace"/>
      </configuration>
      """;

  private void start(String... jvmOptions) throws Exception {
    OneRun.copyApplication(directory);
    caravan =
        OneRun.serve(
            directory,
            Map.of(
                "NIM_BASE_URL",
                upstream.url(),
                "NVIDIA_API_KEY",
                UPSTREAM_KEY,
                "CARAVAN_API_KEYS",
                CLIENT_KEY,
                "MODEL",
                "nim/first/model,nim/second/model",
                "CARAVAN_RETRY_TOTAL",
                "50"),
            jvmOptions);
  }

  @AfterEach
  void stop() {
    caravan.close();
    upstream.close();
  }

  @Test
  void keepsKeysAndPromptsToThoseTheyAreFor() throws Exception {
    start();
    exercise();
  }

  @Test
  void keepsThemOutOfTheLogAtEveryLevel() throws Exception {
    Path configuration = directory.resolve("trace.xml");
    Files.writeString(configuration, TRACE);
    start("-Dlogback.configurationFile=" + configuration);
    exercise();

    assertThat(Files.readString(caravan.log()))
        .as("a log below info")
        .contains("DEBUG org.apache.hc.client5");
  }

  private void exercise() throws Exception {
    String echo = "you sent " + PROMPT + " with Bearer " + UPSTREAM_KEY;
    upstream.enqueue(
        Script.says(ANSWER),
        Script.json(400, "{\"error\":{\"message\":\"" + echo + "\"}}"),
        Script.json(500, "{\"error\":{\"message\":\"" + echo + "\"}}"),
        Script.says(ANSWER),
        Script.stream(
            Chunks.role(),
            Chunks.text(ANSWER),
            "data: {\"error\":{\"message\":\"" + echo + "\"}}\n\n"),
        Script.garbage((echo + "\r\n\r\n").getBytes(StandardCharsets.UTF_8)),
        Script.says(ANSWER));

    assertThat(post(CLIENT_KEY, body(true))).contains(ANSWER);
    // The upstream's message goes to the client, which knows the prompt; a key must not.
    assertThat(post(CLIENT_KEY, body(true))).contains("invalid_request_error").contains(PROMPT);
    for (int i = 0; i < 3; i++) {
      post(CLIENT_KEY, body(i % 2 == 0));
    }
    post("sk-not-known-" + CLIENT_KEY, body(false));
    post(CLIENT_KEY, "{\"model\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":" + PROMPT);
    post(CLIENT_KEY, body(false).replace("\"user\"", "\"" + PROMPT + "\""));

    assertThat(upstream.completions()).hasSizeGreaterThanOrEqualTo(5);
    assertThat(upstream.completions()).allSatisfy(SecretsIT::onlyWhatItNeeds);
    assertThat(answers).allSatisfy(answer -> assertThat(answer).doesNotContain(UPSTREAM_KEY));
    assertThat(answers).allSatisfy(answer -> assertThat(answer).doesNotContain(CLIENT_KEY));
    assertThat(
            managed("/observe/metrics") + managed("/observe/health") + managed("/observe/learned"))
        .contains("caravan_requests")
        .doesNotContain(CLIENT_KEY, UPSTREAM_KEY, PROMPT, ANSWER);
    await()
        .untilAsserted(
            () ->
                assertThat(Files.readString(caravan.log()))
                    .contains("failed")
                    .doesNotContain(CLIENT_KEY, UPSTREAM_KEY, PROMPT, ANSWER));
  }

  private static void onlyWhatItNeeds(ReceivedRequest request) {
    assertThat(request.headers().toString()).doesNotContain(CLIENT_KEY);
    assertThat(new String(request.body(), StandardCharsets.UTF_8)).doesNotContain(CLIENT_KEY);
    assertThat(request.headers())
        .allSatisfy(
            header -> assertThat(SENT_UPSTREAM).contains(header.getKey().toLowerCase(Locale.ROOT)));
  }

  private static String body(boolean stream) {
    return "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":"
        + stream
        + ",\"metadata\":{\"user_id\":\"someone\"},\"messages\":[{\"role\":\"user\",\"content\":\""
        + PROMPT
        + "\"}]}";
  }

  private String post(String key, String body) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(caravan.url() + "/v1/messages?beta=true"))
                .header("content-type", "application/json")
                .header("x-api-key", key)
                .header("anthropic-beta", "a-beta")
                .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .header("cookie", "session=" + CLIENT_KEY)
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    String all = answer.statusCode() + "\n" + answer.headers().map() + "\n" + answer.body();
    answers.add(all);
    return all;
  }

  private String managed(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + caravan.managementPort() + path))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
