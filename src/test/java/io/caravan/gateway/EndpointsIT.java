package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway = Gateway.before(upstream, "caravan.api-keys", "key-one, key-two");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @ParameterizedTest
  @CsvSource({"HEAD,/", "HEAD,/api/hello", "GET,/api/hello", "GET,/"})
  void answersTheProbesOfClients(String method, String path) throws Exception {
    assertThat(gateway.send(method, path).statusCode()).isEqualTo(200);
  }

  @Test
  void showsAPersonWhatToDo() throws Exception {
    assertThat(gateway.send("GET", "/").body()).contains("ANTHROPIC_BASE_URL").contains("nim/");
  }

  @Test
  void listsModelsThatClaudeCodeKeeps() throws Exception {
    JsonNode page = JSON.readTree(get("/v1/models?limit=1000", "key-one").body());

    assertThat(page.get("data")).isNotEmpty();
    assertThat(page.get("data"))
        .allSatisfy(model -> assertThat(model.get("id").asText()).contains("claude"));
  }

  @ParameterizedTest
  @CsvSource({
    "nim%2Fmeta%2Fllama-3.3-70b-instruct,nim/meta/llama-3.3-70b-instruct",
    "nim/meta/llama-3.3-70b-instruct,nim/meta/llama-3.3-70b-instruct",
    "claude-sonnet,claude-sonnet",
    "nim/meta/llama-3.3-70b-instruct%5B1M%5D,nim/meta/llama-3.3-70b-instruct[1M]",
    "claude-sonnet%5B1m%5D%5B1m%5D,claude-sonnet[1m][1m]",
    "claude%2Fnim%2Fany%2Fmodel,claude/nim/any/model"
  })
  void findsAModelByAnyNameThatAMessageMayHave(String path, String id) throws Exception {
    HttpResponse<String> answer = get("/v1/models/" + path, "key-two");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(answer.body()).get("id").asText()).isEqualTo(id);
  }

  @Test
  void findsTheCardBehindTheMarkOfAWindow() throws Exception {
    JsonNode model =
        JSON.readTree(get("/v1/models/nim%2Fmoonshotai%2Fkimi-k2.6%5B1m%5D", "key-one").body());

    assertThat(model.get("display_name").asText()).isEqualTo("Kimi K2.6");
    assertThat(model.get("max_input_tokens").asInt()).isEqualTo(262_144);
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/v1/v1/messages",
    "POST,/messages",
    "POST,/v1/messages/",
    "POST,/anthropic/v1/messages",
    "POST,/api/v1/messages/count_tokens",
    "GET,/v1/v1/models",
    "GET,/models",
    "POST,/v1/chat/completions",
    "POST,/v1/responses"
  })
  void namesTheSettingBehindAWrongPath(String method, String path) throws Exception {
    HttpResponse<String> answer = gateway.send(method, path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(answer.body()).at("/error/message").asText())
        .contains(path, "set ANTHROPIC_BASE_URL to http://127.0.0.1:" + gateway.port());
  }

  @ParameterizedTest
  @CsvSource({"GET,/favicon.ico", "POST,/v1/messages/batches", "GET,/v1/files"})
  void namesNoSettingForOtherPaths(String method, String path) throws Exception {
    HttpResponse<String> answer = gateway.send(method, path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).doesNotContain("ANTHROPIC_BASE_URL");
  }

  /** Claude Code shows "Not logged in" in place of any message with the header's name. */
  @Test
  void refusesAnUnknownKeyInWordsThatClaudeCodeShows() throws Exception {
    HttpResponse<String> answer = get("/v1/models", "wrong");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body())
        .contains("does not know the API key", "ANTHROPIC_AUTH_TOKEN")
        .doesNotContainIgnoringCase("x-api-key");
  }

  @Test
  void countsAListOfModelsAsAnswered() throws Exception {
    get("/v1/models", "key-one");

    await()
        .untilAsserted(
            () ->
                assertThat(requests().tag("outcome", "ok").timers())
                    .as("what was counted: %s", requests().timers())
                    .isNotEmpty());
    assertThat(requests().tag("outcome", "unfinished").timers()).isEmpty();
  }

  private static Search requests() {
    return gateway
        .context()
        .getRegistry()
        .findSingleByType(MeterRegistry.class)
        .find("caravan_requests");
  }

  @Test
  void doesNotFindAModelOfNoProvider() throws Exception {
    HttpResponse<String> answer = get("/v1/models/acme%2Fmodel", "key-one");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(answer.body()).at("/error/type").asText())
        .isEqualTo("not_found_error");
  }

  @ParameterizedTest
  @CsvSource({"/v1/models", "/v1/models/claude-sonnet"})
  void refusesRequestsWithoutAKey(String path) throws Exception {
    HttpResponse<String> answer = get(path, "key-three");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
    assertThat(answer.body()).contains("authentication_error").doesNotContain("key-three");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/nope,404,",
    "GET,/v1/messages,405,POST",
    "DELETE,/v1/models,405,GET",
    "GET,/v1/messages/batches,404,"
  })
  void answersUnknownPathsAndMethodsInJson(String method, String path, int status, String allowed)
      throws Exception {
    HttpResponse<String> answer = gateway.send(method, path);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("allow")).isEqualTo(Optional.ofNullable(allowed));
    assertThat(JSON.readTree(answer.body()).at("/type").asText()).isEqualTo("error");
  }

  /** BerriAI/litellm#13252 */
  @Test
  void countsWithTheQueryOfClients() throws Exception {
    HttpResponse<String> answer =
        gateway.post(
            "/v1/messages/count_tokens?beta=true",
            "{\"model\":\"claude-sonnet\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
            "x-api-key",
            "key-one");

    assertThat(JSON.readTree(answer.body()).at("/input_tokens").asInt()).isPositive();
  }

  /** Older Claude Code sends it without a key and retries it on a 404 (seen with 2.0.76). */
  @Test
  void writesTheTextOfAnErrorAsTheEventsOfAStreamDo() throws Exception {
    upstream.enqueue(Script.json(400, "{\"error\":{\"message\":\"too long \ud83d\ude00\"}}"));

    HttpResponse<String> answer =
        gateway.post(
            "/v1/messages",
            "{\"model\":\"nim/a/model\",\"max_tokens\":9,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
            "x-api-key",
            "key-one");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.body())
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                + "\"message\":\"nim: too long \ud83d\ude00\"},"
                + "\"request_id\":\"%s\"}",
            answer.headers().firstValue("request-id").orElseThrow());
  }

  @Test
  void takesTelemetryAndKeepsNothing() throws Exception {
    HttpResponse<String> answer = gateway.post("/api/event_logging/batch", "{\"events\":[]}");

    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void takesOnlyJson() throws Exception {
    HttpRequest form =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages"))
            .header("content-type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();

    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(form, HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.body()).contains("invalid_request_error");
  }

  @Test
  void refusesWebPages() throws Exception {
    HttpResponse<String> answer =
        gateway.post(
            "/v1/messages", "{}", "origin", "https://evil.example", "x-api-key", "key-one");

    assertThat(answer.statusCode()).isEqualTo(403);
  }

  private static HttpResponse<String> get(String path, String key) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway.url() + path)).header("x-api-key", key).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
