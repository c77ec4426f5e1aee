package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.TraceCollector;
import io.caravan.testkit.Warnings;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests traces with a receiver of OTLP over HTTP, which reads what a collector would. */
class TracesIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String ASK =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":77,\"stream\":true,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"a very secret prompt\"}]}";

  private TraceCollector collector;
  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    collector = TraceCollector.start();
    upstream = ScriptedUpstream.start();
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
    upstream.close();
    collector.close();
  }

  private void gateway(String enabled) throws Exception {
    gateway =
        Gateway.before(
            upstream,
            "caravan.traces.enabled",
            enabled,
            "caravan.traces.endpoint",
            collector.endpoint());
  }

  private List<Span> spans() {
    // Closing sends what is left.
    gateway.close();
    return collector.spans();
  }

  @Test
  void aSpanAStageAndAnAttemptInTheClientsTrace() throws Exception {
    gateway("true");
    upstream.enqueue(
        Script.json(503, "{\"error\":{\"message\":\"busy with a very secret prompt\"}}"),
        Script.says("a very secret answer"));
    try (Warnings warnings = Warnings.listen()) {
      gateway.post(
          "/v1/messages",
          ASK,
          "traceparent",
          "00-" + TRACE + "-" + PARENT + "-01",
          "x-claude-code-session-id",
          "the-session");
      assertThat(warnings.lines()).isEmpty();
    }

    List<Span> spans = spans();

    assertThat(spans).extracting(TraceCollector::traceId).containsOnly(TRACE);
    assertThat(spans).extracting(TraceCollector::parentId).contains(PARENT);
    assertThat(spans)
        .extracting(Span::getName)
        .contains(
            "caravan-accept-action",
            "caravan-read-request-action",
            "caravan-choose-model-action",
            "caravan-count-tokens-action",
            "caravan-convert-action",
            "caravan-call-action",
            "stream-openai");
    List<Span> calls =
        spans.stream()
            .filter(span -> span.getName().equals("chat z-ai/glm-5.3"))
            .sorted(Comparator.comparing(Span::getStartTimeUnixNano))
            .toList();
    assertThat(calls).hasSize(2);
    Map<String, String> failed = TraceCollector.attributes(calls.get(0));
    assertThat(failed).containsEntry("error.type", "503");
    Map<String, String> answered = TraceCollector.attributes(calls.get(1));
    assertThat(answered)
        .containsEntry("gen_ai.operation.name", "chat")
        .containsEntry("gen_ai.provider.name", "nim")
        .containsEntry("gen_ai.request.model", "z-ai/glm-5.3")
        .containsEntry("gen_ai.request.max_tokens", "77")
        .containsEntry("gen_ai.usage.input_tokens", "10")
        .containsEntry("gen_ai.usage.output_tokens", "5")
        .containsEntry("gen_ai.conversation.id", "the-session")
        .containsEntry("http.response.status_code", "200")
        .doesNotContainKey("error.type");
    assertThat(upstream.completions().get(1).header("traceparent"))
        .isEqualTo("00-" + TRACE + "-" + TraceCollector.id(calls.get(1)) + "-01");
    assertThat(collector.text()).doesNotContain("secret");
  }

  @Test
  void nothingIsTracedUnlessSwitchedOn() throws Exception {
    gateway("false");
    upstream.enqueue(Script.says("Here."));

    gateway.post("/v1/messages", ASK);

    assertThat(spans()).isEmpty();
    assertThat(upstream.completions().get(0).header("traceparent")).isNull();
    assertThat(gateway.context().getRegistry().lookupByName("caravanTracer")).isNull();
  }
}
