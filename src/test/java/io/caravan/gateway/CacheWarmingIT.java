package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests requests with {@code max_tokens: 0}, which Anthropic's reference has for warming caches.
 */
class CacheWarmingIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BODY =
      "{\"model\":\"nim/a/b\",\"max_tokens\":0,%s\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @Test
  void answersWithAMessageWithoutContentAndCallsNobody() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = Gateway.before(upstream)) {
      HttpResponse<String> whole = gateway.post("/v1/messages", BODY.formatted(""));
      HttpResponse<String> stream =
          gateway.post("/v1/messages", BODY.formatted("\"stream\":true,"));
      HttpResponse<String> judged =
          gateway.post("/v1/messages", BODY.formatted("\"safeguards\":{\"a\":1},"));

      for (HttpResponse<String> response : List.of(whole, judged)) {
        JsonNode message = JSON.readTree(response.body());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(message.at("/type").asText()).isEqualTo("message");
        assertThat(message.at("/content").isArray()).isTrue();
        assertThat(message.at("/content")).isEmpty();
        assertThat(message.at("/stop_reason").asText()).isEqualTo("max_tokens");
        assertThat(message.at("/usage/output_tokens").asInt(-1)).isZero();
      }
      assertThat(stream.body())
          .contains("event: message_start\n", "\"max_tokens\"", "event: message_stop\n")
          .doesNotContain("content_block");
      assertThat(upstream.completions()).isEmpty();
    }
  }

  @Test
  void callsTheUpstreamForItsCacheIfConfigured() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = Gateway.before(upstream, "caravan.cache-warming", "true")) {
      upstream.enqueue(Script.says("never shown"));

      HttpResponse<String> whole = gateway.post("/v1/messages", BODY.formatted(""));

      JsonNode message = JSON.readTree(whole.body());
      assertThat(message.at("/content")).isEmpty();
      assertThat(message.at("/usage/input_tokens").asInt()).isPositive();
      assertThat(upstream.completions()).hasSize(1);
      assertThat(JSON.readTree(upstream.completions().get(0).body()).at("/max_tokens").asInt())
          .isEqualTo(1);
      gateway.awaitNothingOpen();
    }
  }

  @Test
  void reportsAFailureOfTheCallThatWarms() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = Gateway.before(upstream, "caravan.cache-warming", "true")) {
      upstream.enqueue(Script.json(400, "{\"error\":{\"message\":\"no such thing\"}}"));

      assertThat(gateway.post("/v1/messages", BODY.formatted("")).statusCode()).isEqualTo(400);
    }
  }
}
