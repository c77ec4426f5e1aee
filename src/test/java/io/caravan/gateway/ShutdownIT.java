package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sends SIGTERM to a process that serves requests. */
@Timeout(120)
class ShutdownIT {
  private static final String STREAM =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @TempDir Path directory;
  private final ScriptedUpstream upstream = ScriptedUpstream.start();

  @BeforeEach
  void copyRoutes() throws Exception {
    OneRun.copyApplication(directory);
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void givesOpenStreamsTheirEndAndRefusesNewRequests() throws Exception {
    CompletableFuture<Void> goOn = new CompletableFuture<>();
    upstream.enqueue(
        Script.stream(Chunks.role(), Chunks.text("half"))
            .await(goOn)
            .write(Chunks.text(" whole") + Chunks.finish("stop") + Chunks.DONE));
    try (CaravanProcess caravan = start("60000");
        RawClient client = connect(caravan)) {
      client.post("/v1/messages", STREAM);
      client.readUntil("half");
      assertThat(ready(caravan)).isEqualTo(200);

      caravan.terminate();

      await()
          .untilAsserted(
              () -> {
                HttpResponse<String> refused = post(caravan);
                assertThat(refused.statusCode()).isEqualTo(529);
                assertThat(refused.body()).contains("overloaded_error");
                assertThat(refused.headers().firstValue("retry-after")).isPresent();
              });
      assertThat(ready(caravan)).isEqualTo(503);
      goOn.complete(null);
      client.readUntil("message_stop");
      await().atMost(Duration.ofSeconds(30)).until(() -> !caravan.isAlive());
    }
  }

  @Test
  void reportsToStreamsThatTakeTooLongWhyTheyEnd() throws Exception {
    upstream.enqueue(Script.stream(Chunks.role(), Chunks.text("half")).stall());
    try (CaravanProcess caravan = start("300");
        RawClient client = connect(caravan)) {
      client.post("/v1/messages", STREAM);
      client.readUntil("half");

      caravan.terminate();

      assertThat(client.readUntil("being stopped"))
          .contains("event: error\n")
          .contains("overloaded_error");
      await().atMost(Duration.ofSeconds(30)).until(() -> !caravan.isAlive());
    }
  }

  private CaravanProcess start(String limit) {
    return OneRun.serveBefore(upstream, directory, Map.of("CARAVAN_SHUTDOWN_LIMIT", limit));
  }

  private static RawClient connect(CaravanProcess caravan) throws Exception {
    return RawClient.connect(URI.create(caravan.url()).getPort());
  }

  private static int ready(CaravanProcess caravan) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:" + caravan.managementPort() + "/observe/health/ready"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  private static HttpResponse<String> post(CaravanProcess caravan) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(caravan.url() + "/v1/messages"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(STREAM))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
