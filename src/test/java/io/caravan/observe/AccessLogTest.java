package io.caravan.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the line of a request. */
class AccessLogTest {
  private static final RequestRecord SERVED = Example.of("ann", "session-1", "claude-sonnet", "ok");

  private final AccessLog log = new AccessLog();

  AccessLogTest() {
    log.setZone(ZoneOffset.ofHours(2));
  }

  private JsonNode json(RequestRecord request) throws Exception {
    return new ObjectMapper().readTree(log.json(request));
  }

  @Test
  void asTextItHasTheKnownNamesOnly() {
    assertThat(log.text(SERVED))
        .isEqualTo(
            "request_id=req_1 route=messages client=ann session=session-1 agent=agent-2"
                + " model=claude-sonnet provider=nim upstream_model=z-ai/glm-5.3"
                + " upstream_request_id=up-2 status=200 outcome=ok reason=\"lost image,top_k\""
                + " input_tokens=120 cached_tokens=1000 output_tokens=45 cost_usd=1.2345"
                + " first_token_ms=350 total_ms=2500 attempts=2");
    assertThat(log.text(Example.refused()))
        .isEqualTo(
            "request_id=req_2 route=\"\" status=401 outcome=authentication_error total_ms=1"
                + " attempts=0");
  }

  @Test
  void asJsonItHasEveryNameOfTheContract() throws Exception {
    for (RequestRecord request : List.of(SERVED, Example.refused())) {
      List<String> names = new ArrayList<>();
      json(request).fieldNames().forEachRemaining(names::add);
      assertThat(names)
          .contains(
              "event",
              "request_id",
              "client",
              "session",
              "agent",
              "model",
              "provider",
              "upstream_model",
              "upstream_request_id",
              "status",
              "outcome",
              "reason",
              "input_tokens",
              "cached_tokens",
              "output_tokens",
              "first_token_ms",
              "total_ms",
              "attempts");
    }
    assertThat(json(SERVED).path("event").asText()).isEqualTo("request");
    assertThat(json(SERVED).path("time").asText()).isEqualTo("2026-11-30T12:00:02.5+02:00");
    assertThat(json(SERVED).path("cached_tokens").asLong()).isEqualTo(1000);
    assertThat(json(SERVED).path("cost_usd").asDouble()).isEqualTo(1.2345);
    assertThat(json(Example.refused()).path("input_tokens").isNull()).isTrue();
  }

  @Test
  void aClientCanNeitherForgeALineNorAValueNorFillTheLog() throws Exception {
    String forged = "x outcome=ok\n2026-11-30 INFO \u001b[2J \"}";
    RequestRecord request = Example.of("ann", forged, "m".repeat(100_000), "api_error");

    assertThat(log.text(request))
        .contains("session=\"x outcome=ok\\n2026-11-30 INFO \\u001b[2J \\\"}\" agent=")
        .doesNotContain("\n", "\u001b")
        .hasSizeLessThan(1_000);
    assertThat(log.json(request)).doesNotContain("\n", "\u001b").hasSizeLessThan(1_200);
    assertThat(json(request).path("session").asText()).isEqualTo(forged);
  }

  @Test
  void oddCharactersAreEscapedInBothForms() throws Exception {
    String odd = "a\u009b31m\u0085b\u2028c\u2029\u202egnol\u007f\ufeff \ud83d\ude80 é";
    RequestRecord request = Example.of("ann", odd, odd, "ok");

    for (String line : List.of(log.text(request), log.json(request))) {
      assertThat(line)
          .contains("a\\u009b31m\\u0085b\\u2028c\\u2029\\u202egnol\\u007f\\ufeff \ud83d\ude80 é")
          .doesNotContain("\u009b", "\u0085", "\u2028", "\u2029", "\u202e", "\u007f", "\ufeff");
    }
    assertThat(json(request).path("session").asText()).isEqualTo(odd);
    assertThat(json(request).path("model").asText()).isEqualTo(odd);
  }

  @Test
  void halfACharacterIsReplaced() throws Exception {
    for (String half : List.of("x\ud83d", "\ude80x", "m".repeat(199) + "\ud83d\ude80" + "n")) {
      RequestRecord request = Example.of("ann", half, "claude-sonnet", "ok");

      String again =
          new String(log.json(request).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

      assertThat(again).isEqualTo(log.json(request)).doesNotContain("?");
      assertThat(json(request).path("session").asText()).contains("\ufffd");
    }
  }

  @Test
  void anotherFormatIsRefused() {
    assertThatThrownBy(() -> log.setFormat("xml")).hasMessageContaining("text or json");
  }
}
