package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.Ports;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a limit of a model is kept once a refusal or a header has shown it. */
class LearnedLimitsIT {
  private static final String MUTE = "{\"status\":429,\"title\":\"Too Many Requests\"}";

  private final ScriptedUpstream upstream = ScriptedUpstream.start();
  private int managementPort;
  private Gateway gateway;

  private void start(String model, int learnedWait) throws Exception {
    upstream.answer(request -> Script.says("ok"));
    managementPort = Ports.free();
    gateway =
        Gateway.before(
            upstream,
            "camel.management.port",
            String.valueOf(managementPort),
            "caravan.model.default",
            model,
            "caravan.retry.total",
            "50",
            "caravan.limits.learned-wait",
            String.valueOf(learnedWait));
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private HttpResponse<String> ask() throws Exception {
    return gateway.post(
        "/v1/messages",
        "{\"model\":\"claude-opus\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
  }

  private static boolean isSmall(ReceivedRequest request) {
    return request.text().contains("\"small/model\"");
  }

  private Script sixThen(ReceivedRequest request, Script refusal) {
    long calls = upstream.completions().stream().filter(LearnedLimitsIT::isSmall).count();
    return isSmall(request) && calls > 6 ? refusal : Script.says("ok");
  }

  private long callsOf(String model) {
    return upstream.completions().stream()
        .filter(call -> call.text().contains("\"" + model + "\""))
        .count();
  }

  private String report() throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + managementPort + "/observe/limits"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private double learned() {
    return gateway
        .context()
        .getRegistry()
        .findSingleByType(MeterRegistry.class)
        .get("caravan_limit_learned")
        .tag("model", "small/model")
        .gauge()
        .value();
  }

  @Test
  void afterOneRefusalNoCallIsMadeInTheSamePattern() throws Exception {
    start("nim/small/model", 0);
    upstream.answer(request -> sixThen(request, Script.json(429, MUTE)));

    for (int i = 0; i < 6; i++) {
      assertThat(ask().statusCode()).isEqualTo(200);
    }
    assertThat(ask().statusCode()).isEqualTo(429);
    HttpResponse<String> held = ask();

    assertThat(held.statusCode()).isEqualTo(429);
    assertThat(held.body()).contains("has no call left in the limit");
    assertThat(Integer.parseInt(held.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(50, 61);
    assertThat(callsOf("small/model")).isEqualTo(7);
    assertThat(report())
        .contains("{\"model\":\"nim/small/model\",\"calls\":6,\"window\":60,\"used\":6");
    assertThat(learned()).isEqualTo(6);
  }

  @Test
  void theNextModelOfTheChainAnswersMeanwhile() throws Exception {
    start("nim/small/model,nim/other/model", 0);
    upstream.answer(request -> sixThen(request, Script.json(429, MUTE)));

    for (int i = 0; i < 9; i++) {
      assertThat(ask().statusCode()).isEqualTo(200);
    }

    assertThat(callsOf("small/model")).isEqualTo(7);
    assertThat(callsOf("other/model")).isEqualTo(3);
    assertThat(ask().headers().firstValue("caravan-tried")).contains("nim/small/model limited");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Worker local total request limit reached (33/32)", "12 tokens per minute"})
  void anOverloadOrALimitOfTokensIsNoLimitOfCalls(String words) throws Exception {
    start("nim/small/model", 0);
    upstream.answer(
        request ->
            sixThen(request, Script.json(429, "{\"error\":{\"message\":\"" + words + "\"}}")));

    for (int i = 0; i < 7; i++) {
      ask();
    }

    assertThat(report()).contains("\"learned\":[]");
  }

  @Test
  void takesTheNumbersOfARefusalsHeaders() throws Exception {
    start("nim/small/model", 0);
    upstream.enqueue(
        Script.json(
            429,
            MUTE,
            "x-ratelimit-limit-requests: 30",
            "x-ratelimit-remaining-requests: 0",
            "x-ratelimit-reset-requests: 20s"));

    assertThat(ask().statusCode()).isEqualTo(429);

    assertThat(report())
        .contains(
            "{\"model\":\"nim/small/model\",\"calls\":30,\"window\":60,\"used\":0,\"again_in\":");
  }

  @Test
  void makesNoCallOnceAHeaderSaysThatNoneIsLeft() throws Exception {
    start("nim/small/model", 60_000);
    upstream.enqueue(
        Script.json(
            200,
            "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}",
            "x-ratelimit-remaining-requests: 0",
            "x-ratelimit-reset-requests: 3s",
            "x-ratelimit-remaining-tokens: 900"));
    assertThat(ask().statusCode()).isEqualTo(200);
    assertThat(report()).containsPattern("\"model\":\"nim/small/model\",\"again_in\":[123],");

    long start = System.nanoTime();
    assertThat(ask().statusCode()).isEqualTo(200);

    assertThat(System.nanoTime() - start).isGreaterThan(500_000_000L);
    assertThat(callsOf("small/model")).isEqualTo(2);
  }
}
