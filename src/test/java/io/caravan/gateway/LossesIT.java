package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the reports of losses: to the client and in metrics, and learned quirks as YAML. */
class LossesIT {
  private static ScriptedUpstream upstream;
  private static Gateway gateway;
  private static int managementPort;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    // Camel distinguishes its servers by their ports, so only one of them can be 0.
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      managementPort = free.getLocalPort();
    }
    gateway = Gateway.before(upstream, "camel.management.port", String.valueOf(managementPort));
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

  private static HttpResponse<String> ask(String more) throws Exception {
    return askModel("nim/z-ai/glm-5.3", "\"max_tokens\":100," + more);
  }

  private static HttpResponse<String> askModel(String model, String more) throws Exception {
    return gateway.post(
        "/v1/messages",
        "{\"model\":\""
            + model
            + "\","
            + more
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
        "x-claude-code-session-id",
        "session-1");
  }

  private static double counted(String name, String... tags) {
    MeterRegistry meters = gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
    var counter = meters.find(name).tags(tags).counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void whatTheRequestLostIsInAHeaderAndAMetric() throws Exception {
    upstream.enqueue(Script.says("ok"));

    HttpResponse<String> answer = ask("\"top_k\":5,");

    assertThat(answer.headers().firstValue("caravan-lossy")).hasValue("top_k=1");
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(counted("caravan_losses", "where", "request", "what", "top_k"))
                    .isEqualTo(1));
  }

  /** A loss counts once, however many deltas it is in. */
  @Test
  void whatTheAnswerLostIsInAMetric() throws Exception {
    upstream.enqueue(
        Script.stream(
            Chunks.role(),
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"Hm.\"}}]}\n\n",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\" Hm.\"}}]}\n\n",
            Chunks.text("Yes."),
            Chunks.finish("stop"),
            Chunks.DONE));

    assertThat(ask("").body()).contains("Yes.").doesNotContain("Hm.");

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(counted("caravan_losses", "where", "answer", "what", "thinking"))
                    .isEqualTo(1));
  }

  @Test
  void tokensThatNoUpstreamHasReportedAreCountedAsEstimates() throws Exception {
    double before = counted("caravan_tokens_estimated", "kind", "output");
    upstream.enqueue(
        Script.stream(
            Chunks.role(), Chunks.text("Eight letters."), Chunks.finish("stop"), Chunks.DONE));
    upstream.enqueue(Script.says("told"));

    ask("");
    ask("");

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(counted("caravan_tokens_estimated", "kind", "output") - before)
                    .isBetween(1.0, 6.0));
  }

  @Test
  void howMuchOfThePromptWasThereBeforeIsInAHeaderAndAMetric() throws Exception {
    upstream.enqueue(Script.says("one"), Script.says("two"));
    ask("\"system\":\"the same\",");

    HttpResponse<String> answer = ask("\"system\":\"the same\",");

    assertThat(answer.headers().firstValue("caravan-prefix").orElseThrow())
        .matches("(\\d+)/\\1 bytes");
    Awaitility.await()
        .untilAsserted(() -> assertThat(counted("caravan_prefix_matched_bytes")).isPositive());
  }

  @Test
  void whatWasLearnedCanBePastedIntoTheProvidersFile() throws Exception {
    upstream.enqueue(
        Script.json(
            400,
            "{\"message\":\"Validation: Unsupported parameter(s): stream_options\",\"type\":\"Bad Request\",\"code\":400}"),
        Script.says("ok"));
    ask("");

    assertThat(learned())
        .contains("# Learned of provider nim", "id: \"z-ai/glm-5.3\"", "streamUsage: false");
    assertThat(counted("caravan_learned", "provider", "nim")).isPositive();
  }

  /** A learned quirk can be more than a field: it changes the form of the next request. */
  @Test
  void aTemplateWithoutASystemRoleGetsItsTextFromTheUser() throws Exception {
    upstream.enqueue(
        Script.json(500, "{\"status\":500,\"detail\":\"System role not supported\"}"),
        Script.says("ok"),
        Script.says("ok"));

    askModel("nim/no/system-role", "\"system\":\"Be brief.\",");
    askModel("nim/no/system-role", "\"system\":\"Be brief.\",");

    assertThat(upstream.completions()).hasSize(3);
    assertThat(upstream.completions().get(0).text()).contains("\"role\":\"system\"");
    for (ReceivedRequest later : upstream.completions().subList(1, 3)) {
      assertThat(later.text()).contains("Be brief.").doesNotContain("\"role\":\"system\"");
    }
  }

  /** The window was too small for this prompt and completion; that says nothing about the next. */
  @Test
  void anAnswerIsMadeShorterForOneRequest() throws Exception {
    upstream.enqueue(
        Script.json(
            400,
            "{\"object\":\"error\",\"message\":\"'max_tokens' or 'max_completion_tokens' is too large: 65536."
                + " This model's maximum context length is 32768 tokens and your request has 1200"
                + " input tokens (65536 > 32768 - 1200). None\",\"type\":\"BadRequestError\",\"code\":400}"),
        Script.says("ok"));

    HttpResponse<String> answer = askModel("nim/small/window", "\"max_tokens\":65536,");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(upstream.completions().get(1).text()).contains("\"max_tokens\":30568");
    assertThat(learned()).contains("contextWindow: 32768").doesNotContain("maxOutput: 30568");
  }

  @Test
  void nothingIsLearnedOfAComplaintThatLeavingOutDidNotHelp() throws Exception {
    String before = learned();
    upstream.enqueue(
        Script.json(400, "{\"error\":{\"message\":\"Unsupported parameter(s): temperature\"}}"),
        Script.json(400, "{\"error\":{\"message\":\"no, something else\"}}"));

    assertThat(ask("\"temperature\":1,").statusCode()).isEqualTo(400);

    assertThat(upstream.completions()).hasSize(2);
    assertThat(learned()).isEqualTo(before);
  }

  private static String learned() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + managementPort + "/observe/learned"))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
