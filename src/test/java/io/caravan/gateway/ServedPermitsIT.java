package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Ports;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that each completion takes its own permit from the account's window, in a message for which
 * the gateway runs tools.
 */
class ServedPermitsIT {
  private static final String REQUEST =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":1000,\"stream\":%s,\"messages\":[{\"role\":\"user\","
          + "\"content\":\"What is new?\"}],\"tools\":["
          + "{\"type\":\"web_search_20250305\",\"name\":\"web_search\"},"
          + "{\"name\":\"Read\",\"input_schema\":{\"type\":\"object\"}}]}";

  @TempDir private Path directory;
  private final ScriptedUpstream upstream = ScriptedUpstream.start();
  private final ScriptedUpstream service = ScriptedUpstream.start();
  private final HttpClient http = HttpClient.newHttpClient();
  private int managementPort;
  private Gateway gateway;

  @BeforeEach
  void prepare() {
    service.answerElse(
        request ->
            Script.json(
                200, "{\"results\":[{\"title\":\"T\",\"url\":\"https://found.example\"}]}"));
  }

  @AfterEach
  void stop() {
    gateway.close();
    service.close();
    upstream.close();
  }

  private void start(int permits) throws Exception {
    managementPort = Ports.free();
    Path keys = directory.resolve("keys");
    Files.writeString(keys, line("ann") + line("bob"));
    gateway =
        Gateway.before(
            upstream,
            "camel.management.port",
            String.valueOf(managementPort),
            "caravan.client-keys-file",
            keys.toString(),
            "caravan.ledger.file",
            directory.resolve("usage").toString(),
            "caravan.web-search.searxng-url",
            "http://127.0.0.1:" + service.port(),
            "caravan.nim.rate-limit",
            String.valueOf(permits),
            "caravan.nim.max-wait",
            "0");
  }

  private static String line(String name) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
    return "sha256:" + HexFormat.of().formatHex(hash) + " name=" + name + " daily-tokens=1000000\n";
  }

  private HttpResponse<String> ask(boolean stream) throws Exception {
    return ask(stream, "ann");
  }

  private HttpResponse<String> ask(boolean stream, String key) throws Exception {
    return gateway.post("/v1/messages", REQUEST.formatted(stream), "x-api-key", key);
  }

  private long tokensLeft(String key) throws Exception {
    return ask(false, key)
        .headers()
        .firstValueAsLong("anthropic-ratelimit-tokens-remaining")
        .orElseThrow();
  }

  private String limits() throws Exception {
    return http.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + managementPort + "/observe/limits"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static Script searches(String query) {
    return Script.stream(
        Chunks.role(),
        Chunks.toolCall(0, "call_" + query, "web_search", "{\"query\":\"" + query + "\"}"),
        Chunks.finish("tool_calls") + Chunks.usage(10, 5) + Chunks.DONE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachCompletionTakesOne(boolean stream) throws Exception {
    start(3);
    upstream.enqueue(searches("one"), searches("two"), Script.says("Done."));

    assertThat(ask(stream).body()).contains("end_turn");

    assertThat(upstream.completions()).hasSize(3);
    assertThat(limits()).contains("{\"key\":\"nim\",\"calls\":3,\"used\":3");
    assertThat(ask(stream).statusCode()).isEqualTo(429);
    assertThat(upstream.completions()).hasSize(3);
  }

  @Test
  void soDoesEachRetry() throws Exception {
    start(4);
    upstream.enqueue(
        searches("one"), Script.json(503, "{}"), Script.json(503, "{}"), Script.says("Done."));

    assertThat(ask(true).body()).contains("end_turn");

    assertThat(limits()).contains("{\"key\":\"nim\",\"calls\":4,\"used\":4");
  }

  @Test
  void theClientIsToldOfOneThatIsRefusedInTheMiddleOfAStream() throws Exception {
    start(2);
    upstream.enqueue(searches("one"), searches("two"));

    String body = ask(true).body();

    assertThat(body)
        .containsSubsequence(
            "web_search_tool_result",
            "https://found.example",
            "web_search_tool_result",
            "https://found.example",
            "event: error",
            // Claude Code would repeat the request at once after any other error.
            "overloaded_error",
            "The request limit of nim is used up")
        .doesNotContain("message_stop");
    assertThatNothingIsLost();
  }

  @Test
  void theClientIsToldOfOneThatIsRefusedInTheMiddleOfAWholeMessage() throws Exception {
    start(2);
    upstream.enqueue(searches("one"), searches("two"));

    HttpResponse<String> response = ask(false);

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValueAsLong("retry-after")).isPresent();
    assertThat(response.body()).contains("rate_limit_error");
    assertThatNothingIsLost();
  }

  /** Both completions were made, are counted, and are charged: 2 × 15 tokens. */
  private void assertThatNothingIsLost() throws Exception {
    assertThat(upstream.completions()).hasSize(2);
    assertThat(service.everything()).hasSize(2);
    assertThat(limits()).contains("{\"key\":\"nim\",\"calls\":2,\"used\":2");
    gateway.awaitNothingOpen();
    assertThat(tokensLeft("ann")).isEqualTo(tokensLeft("bob") - 30);
  }
}
