package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class LocalAnswersIT {
  private static final String QUOTA =
      "{\"model\":\"claude-haiku\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"quota\"}]}";
  private static final String TITLE =
      "{\"model\":\"claude-haiku\",\"max_tokens\":99,\"stream\":true,\"tools\":[],\"messages\":[{\"role\":\"user\","
          + "\"content\":\"<session>\\nfix it\\n</session>\\n\"}],\"output_config\":{\"format\":{\"type\":\"json_schema\","
          + "\"schema\":{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\"}},"
          + "\"required\":[\"title\"],\"additionalProperties\":false}}}}";

  @Test
  void answersWithoutAModelInTheFormAskedFor() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = Gateway.before(upstream)) {
      HttpResponse<String> whole = gateway.post("/v1/messages", QUOTA);
      HttpResponse<String> stream = gateway.post("/v1/messages", TITLE);

      JsonNode message = new ObjectMapper().readTree(whole.body());
      assertThat(message.at("/type").asText()).isEqualTo("message");
      assertThat(message.at("/model").asText()).isEqualTo("claude-haiku");
      assertThat(whole.headers().firstValue("caravan-local")).hasValue("quota");
      assertThat(stream.headers().firstValue("content-type").orElseThrow())
          .startsWith("text/event-stream");
      assertThat(stream.body())
          .contains("{\\\"title\\\":\\\"Fix it\\\"}")
          .contains("event: message_stop\n");
      assertThat(upstream.completions()).isEmpty();
      MeterRegistry meters = gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
      assertThat(meters.get("caravan_local_answers").tag("kind", "title").counter().count())
          .isEqualTo(1);
      assertThat(
              meters.get("caravan_requests").tags("provider", "caravan", "model", "quota").timer())
          .isNotNull();
    }
  }

  @Test
  void asksTheModelWhereItIsSwitchedOff() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway =
            Gateway.before(
                upstream, "caravan.local.quota", "false", "caravan.model.default", "nim/a/b")) {
      upstream.enqueue(Script.says("from the model"));

      assertThat(gateway.post("/v1/messages", QUOTA).body()).contains("from the model");
    }
  }
}
