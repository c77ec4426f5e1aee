package io.caravan.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.RequestReader;
import io.caravan.openai.Dialect;
import io.caravan.openai.DroppedFields;
import io.caravan.openai.Provider;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestTranslatorTest {
  private static UpstreamRequest translate(String json) {
    Provider provider = new Provider();
    provider.setName("test");
    MessagesRequest request = new RequestReader().read(json.getBytes(StandardCharsets.UTF_8));
    return new RequestTranslator()
        .translate(
            request,
            Dialect.of(provider, null),
            "some/model",
            DroppedFields.NONE,
            TranslationOptions.DEFAULT);
  }

  @Test
  void writesAMinimalBody() {
    UpstreamRequest upstream =
        translate("{\"model\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    assertThat(upstream.body())
        .hasToString(
            "{\"model\":\"some/model\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                + "\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    assertThat(upstream.losses().isEmpty()).isTrue();
  }

  @Test
  void writesAToolLoop() {
    UpstreamRequest upstream =
        translate(
            """
            {"model":"x","max_tokens":10,"system":[{"type":"text","text":"x-anthropic-billing-header: a"},
            {"type":"text","text":"Be good","cache_control":{"type":"ephemeral"}}],
            "tools":[{"name":"Bash","input_schema":{"type":"object","$schema":"x"}}],
            "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[
            {"type":"tool_use","id":"a","name":"Bash","input":{"c":"ls \\"x\\""}}]},
            {"role":"user","content":[{"tool_use_id":"a","type":"tool_result","content":"out"},
            {"type":"text","text":"go on"}]}]}
            """);
    assertThat(upstream.body())
        .hasToString(
            "{\"model\":\"some/model\",\"messages\":["
                + "{\"role\":\"system\",\"content\":\"Be good\"},"
                + "{\"role\":\"user\",\"content\":\"Hi\"},"
                + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"a\","
                + "\"type\":\"function\",\"function\":{\"name\":\"Bash\","
                + "\"arguments\":\"{\\\"c\\\":\\\"ls \\\\\\\"x\\\\\\\"\\\"}\"}}]},"
                + "{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"out\"},"
                + "{\"role\":\"user\",\"content\":\"go on\"}],"
                + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"Bash\","
                + "\"parameters\":{\"type\":\"object\",\"$schema\":\"x\"}}}],\"max_tokens\":10,"
                + "\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
  }
}
