package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.provider.Provider;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rules that a refusal names are kept in the repeated call and in later ones, and forgotten. */
@Timeout(60)
class LearnedRulesIT {
  private static final String SAYS =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":0}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"OK"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}}

      """;
  private static final String STOP = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  private static final String HISTORY =
      "{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":["
          + "{\"type\":\"tool_use\",\"id\":\"toolu_01ABCDEFGHIJ\",\"name\":\"Bash\",\"input\":{}},"
          + "{\"type\":\"tool_use\",\"id\":\"toolu_01KLMNOPQRST\",\"name\":\"Bash\",\"input\":{}}]},"
          + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_01ABCDEFGHIJ\",\"content\":\"a\"},"
          + "{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_01KLMNOPQRST\",\"content\":\"b\"},"
          + "{\"type\":\"text\",\"text\":\"go on\"}]}";

  private static ScriptedUpstream upstream;
  private static ScriptedUpstream messages;
  private static Gateway gateway;
  private static int managementPort;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    messages = ScriptedUpstream.start();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      managementPort = free.getLocalPort();
    }
    gateway =
        Gateway.before(
            upstream,
            "camel.management.port",
            String.valueOf(managementPort),
            "caravan.retry.attempts",
            "1",
            "caravan.cooldown.failures",
            "1000",
            "caravan.circuit.minimum-calls",
            "1000");
    Provider anthropic =
        gateway.context().getRegistry().lookupByNameAndType("anthropic", Provider.class);
    anthropic.setBaseUrl(messages.url());
  }

  @AfterAll
  static void stop() {
    gateway.close();
    messages.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.forget();
    messages.forget();
  }

  private static HttpResponse<String> ask(String model, String turns, String... headers)
      throws Exception {
    return gateway.post(
        "/v1/messages",
        "{\"model\":\""
            + model
            + "\",\"max_tokens\":64,\"stream\":true,\"tools\":[{\"name\":\"Bash\",\"description\":\"runs\",\"input_schema\":{\"type\":\"object\"}}],\"messages\":["
            + turns
            + "]}",
        headers);
  }

  private static Script refusal(int status, String words) {
    return Script.json(status, "{\"error\":{\"message\":" + Chunks.quote(words) + "}}");
  }

  @Test
  void aStrictTemplatesTwoRulesAreKept() throws Exception {
    upstream.enqueue(
        refusal(500, "Jinja Exception: conversation roles must alternate user and assistant roles"),
        refusal(500, "Tool call IDs should be alphanumeric strings with length 9!"),
        Script.says("ok"),
        Script.says("ok"));

    assertThat(ask("nim/strict", HISTORY).body()).contains("message_stop");
    assertThat(ask("nim/strict", HISTORY).body()).contains("message_stop");

    assertThat(upstream.completions()).hasSize(4);
    for (ReceivedRequest kept : upstream.completions().subList(2, 4)) {
      assertThat(kept.text()).doesNotContain("toolu_01").containsPattern("\"role\":\"tool\"");
      assertThat(kept.text().replaceAll(".*\"role\":\"tool\"", ""))
          .contains("\"role\":\"assistant\"", "go on");
    }
  }

  @Test
  void earlierCallsAreSentOneAtATime() throws Exception {
    upstream.enqueue(
        refusal(500, "This model only supports single tool-calls at once!"), Script.says("ok"));

    assertThat(ask("nim/single", HISTORY).body()).contains("message_stop");

    assertThat(upstream.completions().get(0).text().split("\"tool_calls\"", -1)).hasSize(2);
    assertThat(upstream.completions().get(1).text().split("\"tool_calls\"", -1)).hasSize(3);
  }

  @Test
  void aRequestIsChangedTwiceAtMost() throws Exception {
    upstream.enqueue(
        refusal(400, "Unsupported parameter(s): stream_options"),
        refusal(500, "conversation roles must alternate"),
        refusal(500, "This model only supports single tool-calls at once!"),
        Script.says("ok"));

    assertThat(ask("nim/endless", HISTORY).body()).contains("only supports single tool-calls");
    assertThat(upstream.completions()).hasSize(3);
  }

  private static final String SYSTEM_TURN =
      "{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"system\",\"content\":\"Reminder: be brief.\"}";

  private static List<ReceivedRequest> passed() {
    return messages.everything().stream()
        .filter(request -> request.path().endsWith("/messages"))
        .toList();
  }

  private static Script event(String more) {
    return Script.stream(SAYS + more);
  }

  @Test
  void aSystemTurnThatIsPassedThroughIsFoldedWhereItIsRefused() throws Exception {
    java.util.Deque<Script> scripts =
        new java.util.ArrayDeque<>(
            List.of(
                Script.json(
                    400,
                    "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"request.messages.1.role: Invalid discriminator value. Expected 'user' | 'assistant'\"}}"),
                event(STOP),
                event(STOP)));
    messages.answerElse(
        request ->
            request.path().endsWith("/messages") ? scripts.remove() : Script.json(404, "{}"));

    assertThat(ask("anthropic/lm", SYSTEM_TURN).body()).contains("message_stop");
    assertThat(ask("anthropic/lm", SYSTEM_TURN).body()).contains("message_stop");

    assertThat(passed()).hasSize(3);
    assertThat(passed().get(0).text()).contains("\"role\":\"system\"");
    for (ReceivedRequest folded : passed().subList(1, 3)) {
      assertThat(folded.text())
          .doesNotContain("\"role\":\"system\"")
          .contains("<system-reminder>\\nReminder: be brief.\\n</system-reminder>");
    }
  }

  /** Claude Code knows these words, and takes its system turns back by itself. */
  @Test
  void wordsThatTheClientKnowsGoOn() throws Exception {
    messages.answerElse(
        request ->
            Script.json(
                400,
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"messages.1.role: Input should be 'user' or 'assistant'\"}}"));

    HttpResponse<String> answer = ask("anthropic/vllm", SYSTEM_TURN);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Input should be 'user' or 'assistant'");
    assertThat(passed()).hasSize(1);
  }

  @Test
  void betasThatARefusalNamesAreLeftOut() throws Exception {
    java.util.Deque<Script> scripts =
        new java.util.ArrayDeque<>(
            List.of(
                Script.json(
                    400,
                    "{\"error\":{\"message\":\"Unexpected value(s) `effort-2025-11-24` for the `anthropic-beta` header.\"}}"),
                event(STOP),
                event(STOP)));
    messages.answerElse(
        request ->
            request.path().endsWith("/messages") ? scripts.remove() : Script.json(404, "{}"));

    for (String betas : List.of("claude-code-20250219,effort-2025-11-24", "effort-2025-11-24")) {
      assertThat(ask("anthropic/vertex", SYSTEM_TURN, "anthropic-beta", betas).body())
          .contains("message_stop");
    }

    assertThat(passed()).hasSize(3);
    assertThat(passed().get(1).header("anthropic-beta")).isEqualTo("claude-code-20250219");
    assertThat(passed().get(2).header("anthropic-beta")).isNull();
  }

  @Test
  void aPassedStreamThatHasFinishedGetsItsLastEvent() throws Exception {
    messages.answerElse(
        request ->
            Script.stream(SAYS).endlessly(": keep-alive\n\n", java.time.Duration.ofMillis(20)));

    assertThat(ask("anthropic/open", SYSTEM_TURN).body())
        .contains("message_stop")
        .doesNotContain("event: error");
  }

  @Test
  void aWindowOfAServerThatWasRestartedIsTriedAgain() throws Exception {
    int port;
    String turns = "{\"role\":\"user\",\"content\":\"" + "word ".repeat(4200) + "\"}";
    Provider llamacpp =
        gateway.context().getRegistry().lookupByNameAndType("llamacpp", Provider.class);
    try (ScriptedUpstream small = ScriptedUpstream.start()) {
      port = small.port();
      llamacpp.setBaseUrl(small.url());
      small.answer(
          request ->
              refusal(
                  400,
                  "request (4218 tokens) exceeds the available context size (4096 tokens), try"
                      + " increasing it"));
      assertThat(ask("llamacpp/m", turns).body()).contains("prompt is too long");
      assertThat(ask("llamacpp/m", turns).body()).contains("prompt is too long");
      assertThat(small.completions()).hasSize(1);
    }
    assertThat(ask("llamacpp/m", "{\"role\":\"user\",\"content\":\"Hi\"}").statusCode())
        .isEqualTo(529);

    try (ScriptedUpstream large = ScriptedUpstream.start(port)) {
      large.answer(request -> Script.says("fits"));
      assertThat(ask("llamacpp/m", turns).body()).contains("message_stop");
    }
  }

  @Test
  void whatWasLearnedIsShownWithItsWordsAndForgottenOnRequest() throws Exception {
    upstream.enqueue(refusal(400, "Unsupported parameter(s): stream_options"), Script.says("ok"));
    ask("nim/forgetful", HISTORY);

    assertThat(manage("GET", "", ""))
        .startsWith("HTTP/1.1 200")
        .contains(
            "until ",
            "the same request with this one change was answered",
            "the words: \"Unsupported parameter(s): stream_options\"");
    assertThat(manage("DELETE", "?model=forgetful&quirk=without%20stream_options", ""))
        .startsWith("HTTP/1.1 200")
        .contains("{\"forgotten\":1}");
    assertThat(manage("GET", "", "")).doesNotContain("forgetful");
    assertThat(manage("DELETE", "?modell=forgetful", "")).startsWith("HTTP/1.1 400");
  }

  @Test
  void aWebPageCanNeitherReadNorForgetWhatWasLearned() throws Exception {
    assertThat(manage("DELETE", "", "Origin: http://evil.example\r\n")).startsWith("HTTP/1.1 403");
    assertThat(manage("GET", "", "Origin: http://evil.example\r\n")).startsWith("HTTP/1.1 403");
    assertThat(exchange("DELETE /observe/learned HTTP/1.1\r\nHost: evil.example\r\n"))
        .startsWith("HTTP/1.1 403");
  }

  private static String manage(String method, String query, String headers) throws Exception {
    return exchange(
        method + " /observe/learned" + query + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers);
  }

  private static String exchange(String head) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), managementPort)) {
      socket
          .getOutputStream()
          .write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
