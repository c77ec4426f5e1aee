package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.Ports;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests what a client reads if a base URL can't work, so that it doesn't repeat the request. */
class UnreachedUpstreamsIT {
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private ScriptedUpstream upstream;

  @BeforeEach
  void start() {
    upstream = ScriptedUpstream.start();
    upstream.answerElse(request -> Script.json(404, "404 page not found"));
    upstream.answer(
        request ->
            request.path().equals("/v1/chat/completions")
                ? Script.says("hello")
                : Script.json(404, "404 page not found"));
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  private Gateway gateway(String url, String... more) throws Exception {
    String[] settings = new String[more.length + 4];
    settings[0] = "caravan.nim.base-url";
    settings[1] = url;
    settings[2] = "caravan.retry.total";
    settings[3] = "300";
    System.arraycopy(more, 0, settings, 4, more.length);
    return Gateway.before(upstream, settings);
  }

  private static HttpResponse<String> ask(Gateway gateway) throws Exception {
    return gateway.post("/v1/messages", HI);
  }

  private static void isTold(HttpResponse<String> response, String... words) {
    assertThat(response.headers().firstValue("x-should-retry")).contains("false");
    assertThat(response.body()).contains(words).contains("caravan.nim.base-url");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8000/v1, has no http://",
    "http://no-such-host.invalid/v1, host name is unknown",
    "'http://127.0.0.1/a b', has a blank"
  })
  void namesTheUrlAndTheSetting(String url, String words) throws Exception {
    try (Gateway gateway = gateway(url)) {
      isTold(ask(gateway), url, words);
    }
  }

  /** A circuit would open at the fifth failure, and name neither. */
  @Test
  void namesThemAgainAndAgainWhereNothingListens() throws Exception {
    String url = "http://127.0.0.1:" + Ports.free() + "/v1";
    try (Gateway gateway = gateway(url)) {
      for (int i = 0; i < 7; i++) {
        isTold(ask(gateway), url, "can't be reached (connection refused");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"/v1/v1", "''", "/v1/chat/completions"})
  void doesNotTellOfAWrongPathAsOfAMissingModel(String path) throws Exception {
    String url = upstream.url().replaceFirst("/v1$", "") + path;
    try (Gateway gateway = gateway(url)) {
      HttpResponse<String> response = ask(gateway);

      isTold(response, "The base URL of nim may be wrong: " + url);
      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).contains("api_error").doesNotContain("not_found");
    }
  }

  @Test
  void namesTheTargetOfARedirect() throws Exception {
    upstream.answer(request -> Script.json(301, "{}", "location: https://elsewhere.example/v1"));
    try (Gateway gateway = gateway(upstream.url())) {
      isTold(ask(gateway), "it redirects to https://elsewhere.example/v1");
    }
  }

  @Test
  void leavesTheRetryToTheClientOnceTheUpstreamHasAnswered() throws Exception {
    try (Gateway gateway = gateway(upstream.url())) {
      assertThat(ask(gateway).statusCode()).isEqualTo(200);
      upstream.close();

      HttpResponse<String> response = ask(gateway);
      assertThat(response.statusCode()).isEqualTo(529);
      assertThat(response.headers().firstValue("x-should-retry")).isEmpty();
      assertThat(response.body()).contains(upstream.url());
    }
  }
}
