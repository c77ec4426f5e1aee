package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.TraceCollector;
import io.caravan.testkit.Warnings;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  private void gateway(String enabled, String... more) throws Exception {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "caravan.traces.enabled",
                enabled,
                "caravan.traces.endpoint",
                collector.endpoint()));
    settings.addAll(List.of(more));
    gateway = Gateway.before(upstream, settings.toArray(new String[0]));
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
            "accept",
            "read-request",
            "choose-model",
            "count-tokens",
            "limit-client",
            "nim-convert",
            "nim-call",
            "stream",
            "attempt");
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
  void aStageIsBelowItsAttemptAndACallToo() throws Exception {
    gateway("true");
    upstream.enqueue(Script.json(503, "{}"), Script.says("Here."));

    gateway.post("/v1/messages", ASK);

    List<Span> spans = spans();
    Span request = one(spans, "POST /v1/messages");
    assertThat(TraceCollector.parentId(request)).isEmpty();
    assertThat(TraceCollector.attributes(request))
        .containsEntry("http.response.status_code", "200")
        .containsEntry("caravan.provider", "nim")
        .containsEntry("caravan.model", "z-ai/glm-5.3")
        .doesNotContainKeys("error.type", "http.url");
    List<String> attempts = ids(spans, "attempt");
    assertThat(attempts).hasSize(2);
    for (String inner : List.of("nim-convert", "nim-call", "chat z-ai/glm-5.3")) {
      assertThat(parents(spans, inner)).as(inner).containsExactlyInAnyOrderElementsOf(attempts);
    }
    for (String outer : List.of("accept", "count-tokens", "attempt", "stream")) {
      assertThat(parents(spans, outer)).as(outer).containsOnly(TraceCollector.id(request));
    }
  }

  @Test
  void thePartsOfAStreamHaveNoSpans() throws Exception {
    gateway("true");
    upstream.enqueue(Script.says("one"));
    gateway.post("/v1/messages", ASK);
    Script parts = Script.stream(Chunks.role());
    for (int i = 0; i < 100; i++) {
      parts = parts.write(Chunks.text("word ")).pause(Duration.ofMillis(1));
    }
    upstream.enqueue(parts.write(Chunks.finish("stop") + Chunks.usage(10, 5) + Chunks.DONE));
    gateway.post("/v1/messages", ASK);

    Map<String, Long> spansByTrace =
        spans().stream()
            .collect(Collectors.groupingBy(TraceCollector::traceId, Collectors.counting()));
    assertThat(spansByTrace).hasSize(2);
    assertThat(Set.copyOf(spansByTrace.values())).hasSize(1).allMatch(spans -> spans <= 15);
  }

  @Test
  void theClientDecidesAndElseTheShareOfRequests() throws Exception {
    gateway("true", "caravan.traces.percent", "0");
    upstream.enqueue(Script.says("Here."), Script.says("Here."), Script.says("Here."));

    gateway.post("/v1/messages", ASK);
    gateway.post("/v1/messages", ASK, "traceparent", "00-" + TRACE + "-" + PARENT + "-00");
    gateway.post("/v1/messages", ASK, "traceparent", "00-" + TRACE + "-" + PARENT + "-01");

    assertThat(upstream.completions())
        .extracting(request -> request.header("traceparent"))
        .satisfiesExactly(
            unasked -> assertThat(unasked).endsWith("-00").doesNotContain(TRACE),
            unsampled -> assertThat(unsampled).startsWith("00-" + TRACE).endsWith("-00"),
            sampled -> assertThat(sampled).startsWith("00-" + TRACE).endsWith("-01"));
    assertThat(spans())
        .filteredOn(span -> span.getName().startsWith("POST"))
        .singleElement()
        .extracting(TraceCollector::parentId)
        .isEqualTo(PARENT);
  }

  @Test
  void theStateOfTheTraceIsPassedOn() throws Exception {
    gateway("true");
    upstream.enqueue(Script.says("Here."));

    gateway.post(
        "/v1/messages",
        ASK,
        "TraceParent",
        "00-" + TRACE + "-" + PARENT + "-01",
        "TraceState",
        "vendor=value,other=1");

    assertThat(upstream.completions().get(0).header("tracestate"))
        .isEqualTo("vendor=value,other=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff-" + TRACE + "-" + PARENT + "-01",
        "00-" + TRACE + "-" + PARENT,
        "00-00000000000000000000000000000000-" + PARENT + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + PARENT + "-01",
        "00-" + TRACE + "-" + PARENT + "-01-more",
        "nonsense",
        "00-zz-zz-zz",
      })
  void aMalformedParentBeginsATraceOfItsOwn(String malformed) throws Exception {
    gateway("true");
    upstream.enqueue(Script.says("Here."));

    assertThat(gateway.post("/v1/messages", ASK, "traceparent", malformed).statusCode())
        .isEqualTo(200);

    assertThat(upstream.completions().get(0).header("traceparent"))
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01")
        .doesNotContain(TRACE);
    assertThat(spans())
        .filteredOn(span -> span.getName().startsWith("POST"))
        .singleElement()
        .extracting(TraceCollector::parentId)
        .isEqualTo("");
  }

  @Test
  void aRefusedRequestHasItsStatusAndNoQueryOfTheClient() throws Exception {
    gateway("true");

    gateway.post("/v1/messages?api_key=secret-of-the-client", "{\"model\":");

    Span request = one(spans(), "POST /v1/messages");
    assertThat(TraceCollector.attributes(request))
        .containsEntry("http.response.status_code", "400")
        .containsEntry("error.type", "invalid_request_error");
    assertThat(collector.text()).doesNotContain("secret");
  }

  private static Span one(List<Span> spans, String name) {
    return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
  }

  private static List<String> ids(List<Span> spans, String name) {
    return spans.stream()
        .filter(span -> span.getName().equals(name))
        .map(TraceCollector::id)
        .toList();
  }

  private static List<String> parents(List<Span> spans, String name) {
    return spans.stream()
        .filter(span -> span.getName().equals(name))
        .map(TraceCollector::parentId)
        .toList();
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
