package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests polling: hosted NIM responds to a long call with 202 (langchain-ai/langchain-nvidia, {@code
 * _common.py}).
 */
class PollingIT {
  private static final String ASK =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":100,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String ID = "2fd1bf6d-6d2a-4b6f-9d6e-0e9b7d8f1a11";

  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway =
        Gateway.before(
            upstream,
            "caravan.nim.poll-url",
            upstream.url() + "/status/{id}",
            "caravan.nim.api-key",
            "the-key",
            "caravan.retry.attempts",
            "1");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.forget();
  }

  private static Script pending() {
    return Script.json(202, "{}", "NVCF-REQID: " + ID, "NVCF-STATUS: pending-evaluation");
  }

  /** Scripts a 202 for the call, and these responses for the polls. */
  private static void promise(Script... later) {
    Iterator<Script> scripts = List.of(later).iterator();
    upstream.enqueue(pending());
    upstream.answerElse(request -> scripts.next());
  }

  @Test
  void asksForTheAnswerUntilItIsThere() throws Exception {
    promise(pending(), Script.says("at last"));

    assertThat(gateway.post("/v1/messages", ASK).body()).contains("at", "last", "message_stop");

    assertThat(upstream.everything()).hasSize(3);
    assertThat(upstream.everything().get(2).path()).endsWith("/status/" + ID);
    assertThat(upstream.everything().get(2).header("authorization")).isEqualTo("Bearer the-key");
  }

  @Test
  void reportsAFunctionThatEndedWithoutAResponse() throws Exception {
    promise(Script.json(500, "{\"detail\":\"the function failed\"}", "NVCF-STATUS: errored"));

    HttpResponse<String> answer = gateway.post("/v1/messages", ASK);

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("the function failed");
  }

  @Test
  void aPromiseWithoutAnIdIsAFailure() throws Exception {
    upstream.enqueue(Script.json(202, "{}"));

    assertThat(gateway.post("/v1/messages", ASK).statusCode()).isGreaterThanOrEqualTo(500);
  }
}
