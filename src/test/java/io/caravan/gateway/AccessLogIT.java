package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reads what a process of its own writes for requests. */
@Timeout(120)
class AccessLogIT {
  private static final String STREAMED =
      "{\"model\":\"claude-sonnet\",\"stream\":true,\"max_tokens\":9,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @TempDir Path directory;
  private final ScriptedUpstream upstream = ScriptedUpstream.start();
  private CaravanProcess caravan;

  @AfterEach
  void stop() {
    if (caravan != null) {
      caravan.close();
    }
    upstream.close();
  }

  private void start(Map<String, String> more) throws Exception {
    OneRun.copyApplication(directory);
    Map<String, String> settings = new HashMap<>(more);
    settings.put("NIM_BASE_URL", upstream.url());
    settings.put("MODEL", "nim/first/model");
    caravan = OneRun.serve(directory, settings);
    upstream.answer(request -> Script.says("Hello"));
  }

  private String ask() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(caravan.url() + "/v1/messages"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(STREAMED))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return response.headers().firstValue("request-id").orElseThrow();
  }

  private List<String> lines() throws Exception {
    return Files.readAllLines(caravan.log());
  }

  private String lineOf(String request) throws Exception {
    await().until(() -> lines().stream().anyMatch(line -> line.contains(request)));
    return lines().stream().filter(line -> line.contains(request)).findFirst().orElseThrow();
  }

  @Test
  void eachRequestIsALineWithDateAndZone() throws Exception {
    start(Map.of());

    assertThat(lineOf(ask()))
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)"
                + " INFO +requests - request_id=\\S+ route=messages model=claude-sonnet"
                + " provider=nim upstream_model=first/model status=200 outcome=ok input_tokens=10"
                + " cached_tokens=0 output_tokens=5 first_token_ms=\\d+ total_ms=\\d+ attempts=1");
  }

  @Test
  void asJsonEveryLineIsAnObject() throws Exception {
    start(Map.of("CARAVAN_LOG_FORMAT", "json"));
    upstream.enqueue(Script.json(401, "{\"error\":{\"message\":\"bad \\\"key\\\"\"}}"));
    ask();
    JsonNode request = new ObjectMapper().readTree(lineOf(ask()));

    assertThat(request.path("event").asText()).isEqualTo("request");
    assertThat(request.path("status").asInt()).isEqualTo(200);
    assertThat(request.path("upstream_model").asText()).isEqualTo("first/model");
    for (String line : lines()) {
      JsonNode object = new ObjectMapper().readTree(line);
      assertThat(object.isObject()).as(line).isTrue();
      assertThat(object.path("time").asText()).as(line).contains("T");
      assertThat(object.path("level").asText()).as(line).isNotEmpty();
    }
    assertThat(lines())
        .filteredOn(line -> line.contains("KEY_REFUSED"))
        .singleElement()
        .asString()
        .contains("\"level\":\"ERROR\"");
  }

  @Test
  void theSwitchTurnsItOff() throws Exception {
    start(Map.of("CARAVAN_ACCESS_LOG", "false"));

    ask();
    caravan.close();

    assertThat(lines()).noneMatch(line -> line.contains("request_id="));
  }

  @Test
  void aClientThatLeavesIsALineAndNoWarning() throws Exception {
    start(Map.of());
    upstream.enqueue(Script.stream(io.caravan.testkit.Chunks.text("first")).stall());
    upstream.enqueue(Script.silence());
    int port = URI.create(caravan.url()).getPort();
    try (RawClient client = RawClient.connect(port)) {
      client.post("/v1/messages", STREAMED);
      client.readUntil("first");
    }
    try (RawClient client = RawClient.connect(port)) {
      client.post("/v1/messages", STREAMED);
      upstream.takeCompletion(Duration.ofSeconds(10));
      upstream.takeCompletion(Duration.ofSeconds(10));
    }

    await()
        .untilAsserted(
            () ->
                assertThat(lines())
                    .filteredOn(line -> line.contains("status=499 outcome=client_gone"))
                    .hasSize(2));
    assertThat(lines()).noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
  }
}
