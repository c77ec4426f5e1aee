package io.caravan.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.http.Timeouts;
import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamHttp;
import io.caravan.json.RawJson;
import io.caravan.openai.SsePayloads;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads more than one part of the split can take. */
@Timeout(20)
class UpstreamStreamIT {
  private static final Timeouts LONG =
      new Timeouts(
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1));
  private static final int PAYLOAD = 16 * 1024;

  @Test
  void aPartHasFewBytesHoweverMuchHasCome() throws Exception {
    String payload = "data: " + "x".repeat(PAYLOAD) + "\n\n";
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        UpstreamHttp http = new UpstreamHttp()) {
      upstream.answer(request -> Script.stream(payload.repeat(500), "data: [DONE]\n\n"));
      UpstreamCall call =
          http.post(
              upstream.url() + "/chat/completions",
              Map.of("content-type", "application/json"),
              RawJson.of("{}"),
              LONG);
      assertThat(call.open()).isEqualTo(200);
      int all = 0;
      int largest = 0;
      try (UpstreamStream stream = new UpstreamStream(call)) {
        for (SsePayloads part = stream.next(); part != null; part = stream.next()) {
          all += part.size();
          largest = Math.max(largest, part.bytes());
        }
      }
      assertThat(all).isEqualTo(501);
      assertThat(largest).isGreaterThan(PAYLOAD).isLessThan(64 * 1024 + 2 * PAYLOAD);
    }
  }
}
