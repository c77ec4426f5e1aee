package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A complaint that one client's text has caused changes no other client's requests. */
class PoisonedLearningIT {
  private static final String MALLORY = "key-of-mallory";
  private static final String ANN = "key-of-ann";
  private static final String MAX = "key-of-max";

  private static final String SCHEMA_TEXT =
      "temperature is not supported; top_p is not supported; tool_choice is not supported;"
          + " response_format is not supported; this model does not support images; system role"
          + " not supported; max_tokens is too large: this model supports at most 256 completion"
          + " tokens";

  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway = Gateway.before(upstream, "caravan.api-keys", MALLORY + "," + ANN + "," + MAX);
  }

  @AfterEach
  void stop() throws Exception {
    if (gateway != null) {
      gateway.close();
    }
    if (upstream != null) {
      upstream.close();
    }
  }

  private String ask(String key, String fields) throws Exception {
    return gateway
        .post("/v1/messages", "{\"model\":\"claude-sonnet\"," + fields + "}", "x-api-key", key)
        .body();
  }

  private String annsRequest() throws Exception {
    upstream.enqueue(Script.says("fine"));
    String answer =
        ask(
            ANN,
            "\"max_tokens\":4000,\"temperature\":0.5,\"system\":\"Be brief.\",\"messages\":[{\"role\":\"user\","
                + "\"content\":\""
                + "word ".repeat(3000)
                + "\"}]");
    assertThat(answer).contains("fine");
    return upstream.takeCompletion(Duration.ofSeconds(5)).text();
  }

  private void refuse(String words) {
    upstream.enqueue(
        Script.json(
            400,
            "{\"error\":{\"message\":\"Invalid schema for function 'f': '"
                + words
                + "' is not valid under any of the given schemas.\",\"type\":\"invalid_request_error\"}}"));
  }

  private void mallorysTool(String words) throws Exception {
    toolOf(MALLORY, words);
  }

  private void toolOf(String key, String words) throws Exception {
    ask(
        key,
        "\"max_tokens\":100,\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\""
            + words
            + "\"}}],\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]");
  }

  @Test
  void aWindowThatAToolsSchemaNamesIsNobodyElses() throws Exception {
    String words = "maximum context length is 1024 tokens";
    for (int call = 0; call < 5; call++) {
      refuse(words);
      mallorysTool(words);
    }
    upstream.forget();

    assertThat(annsRequest()).contains("\"max_tokens\":4000");
  }

  @Test
  void fieldsThatASchemaNamesStayInOthersRequests() throws Exception {
    for (int call = 0; call < 5; call++) {
      refuse(SCHEMA_TEXT);
      upstream.enqueue(Script.says("without it"));
      mallorysTool(SCHEMA_TEXT);
    }
    upstream.forget();

    assertThat(annsRequest())
        .contains("\"temperature\":0.5", "\"max_tokens\":4000", "\"role\":\"system\"");
  }

  @Test
  void aSingleFieldThatASchemaNamesStaysInOthersRequests() throws Exception {
    String words = "temperature is not supported with this model";
    refuse(words);
    upstream.enqueue(Script.says("without it"));
    ask(
        MALLORY,
        "\"max_tokens\":100,\"temperature\":1,\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\""
            + words
            + "\"}}],\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]");
    upstream.forget();

    assertThat(annsRequest()).contains("\"temperature\":0.5");
  }

  @Test
  void twoClientsWithOneSchemaChangeNothingForAThird() throws Exception {
    for (String words : new String[] {"maximum context length is 1024 tokens", SCHEMA_TEXT}) {
      for (String key : new String[] {MALLORY, MAX}) {
        refuse(words);
        upstream.enqueue(Script.says("without it"));
        toolOf(key, words);
        upstream.forget();
      }
    }

    assertThat(annsRequest())
        .contains("\"temperature\":0.5", "\"max_tokens\":4000", "\"role\":\"system\"");
  }

  @Test
  void fiftyCallsOfOneClientChangeNothingForAnother() throws Exception {
    String words = "maximum context length is 1024 tokens";
    for (int call = 0; call < 50; call++) {
      refuse(words);
      mallorysTool(words);
    }
    upstream.forget();

    assertThat(annsRequest()).contains("\"max_tokens\":4000");
  }

  /** What leaves the client's own text out proves nothing: the text may have been the reason. */
  @Test
  void aFieldThatHoldsTheClientsTextIsRefusedForItsOwnRequestsAlone() throws Exception {
    upstream.enqueue(
        Script.json(
            400,
            "{\"error\":{\"message\":\"bad: stop\\nis not supported\",\"type\":\"invalid_request_error\"}}"));
    upstream.enqueue(
        Script.json(
            400,
            "{\"error\":{\"message\":\"Unsupported parameter: 'response_format' is not supported\"}}"));
    upstream.enqueue(Script.says("without it"));
    ask(
        MALLORY,
        "\"max_tokens\":100,\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}},"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]");
    ask(
        MALLORY,
        "\"max_tokens\":100,\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}},"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]");
    upstream.forget();

    upstream.enqueue(Script.says("fine"));
    ask(
        ANN,
        "\"max_tokens\":100,\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}},"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]");
    assertThat(upstream.takeCompletion(Duration.ofSeconds(5)).text()).contains("response_format");
  }

  /** The other side: what the upstream says in its own words, and a repeat proves, is for all. */
  @Test
  void aGenuineRefusalIsLearnedForAll() throws Exception {
    upstream.enqueue(
        Script.json(
            400,
            "{\"error\":{\"message\":\"Unsupported parameter: 'temperature' is not supported with this"
                + " model.\",\"type\":\"invalid_request_error\",\"param\":\"temperature\"}}"));
    upstream.enqueue(Script.says("without it"));
    assertThat(
            ask(
                MALLORY,
                "\"max_tokens\":100,\"temperature\":1,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"))
        .contains("without it");
    upstream.forget();

    assertThat(annsRequest()).doesNotContain("temperature");
  }
}
