package io.caravan.translate.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Checks what the corpus can't show, since it compares requests as JSON, with their losses. */
class RequestTranslatorTest {
  private static final String WITH_PREFILL =
      """
      {"model":"m","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"{"}]}
      """;

  @Test
  void writesAMinimalBodyWithoutSpace() {
    UpstreamRequest upstream =
        Translations.translate(
            "{ \"model\": \"x\", \"messages\": [ { \"role\": \"user\", \"content\": \"Hi\" } ] }");
    assertThat(upstream.body())
        .hasToString(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                + "\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    assertThat(upstream.losses().isEmpty()).isTrue();
    assertThat(upstream.prefill()).isNull();
  }

  @Test
  void copiesSchemasByteByByte() {
    String schema = "{ \"type\" : \"object\",\n\"x\":1.50 }";
    UpstreamRequest upstream =
        Translations.translate(
            "{\"model\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                + "\"tools\":[{\"name\":\"t\",\"input_schema\":"
                + schema
                + "}]}");
    assertThat(upstream.body().toString()).contains("\"parameters\":" + schema + "}");
  }

  @Test
  void tellsWhatTheAnswerWasToBeginWith() {
    assertThat(Translations.translate(WITH_PREFILL).prefill()).isEqualTo("{");
  }

  @Test
  void knowsTheDeclaredToolsAndTheirNames() {
    String name = "mcp__server__".repeat(6);
    UpstreamRequest upstream =
        Translations.translate(
            "{\"model\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                + "\"tools\":[{\"name\":\"NAME\",\"input_schema\":{}}]}".replace("NAME", name));
    assertThat(upstream.toolNames().declared()).containsExactly(name);
    assertThat(upstream.toolNames().original(upstream.toolNames().alias(name))).isEqualTo(name);
  }

  @Test
  void saysWhereTheMessagesAre() {
    UpstreamRequest upstream = Translations.translate(WITH_PREFILL);
    String messages = upstream.spans().messages(upstream.body()).toString();
    assertThat(messages).startsWith("{\"role\":\"user\",\"content\":\"Hi\"},{").endsWith("}");
    assertThat(upstream.spans().count()).isEqualTo(2);
    assertThat(upstream.body().toString()).contains("\"messages\":[" + messages + "],");
  }
}
