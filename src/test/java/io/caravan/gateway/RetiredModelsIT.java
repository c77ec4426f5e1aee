package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that a model which is gone, down or refused costs one call, and no user's turn. */
class RetiredModelsIT {
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";
  private static final Script ENDED =
      Script.json(
          410,
          "{\"title\":\"Gone\",\"status\":410,\"detail\":\"The model 'first/model' has reached its end of life\"}");

  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void prepare() {
    upstream = ScriptedUpstream.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private void start(String chain, String... settings) throws Exception {
    String[] all = new String[settings.length + 2];
    all[0] = "caravan.model.default";
    all[1] = chain;
    System.arraycopy(settings, 0, all, 2, settings.length);
    gateway = Gateway.before(upstream, all);
  }

  private void first(Script script) {
    upstream.answer(
        request ->
            request.text().contains("\"first/model\"") ? script : Script.says("from the second"));
  }

  private long callsOf(String model) {
    return upstream.completions().stream()
        .filter(request -> request.text().contains("\"" + model + "\""))
        .count();
  }

  private HttpResponse<String> ask(String text) throws Exception {
    return gateway.post("/v1/messages", HI.formatted(text));
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("end of life", ENDED),
        Arguments.of(
            "not for this account",
            Script.json(
                404,
                "{\"status\":404,\"title\":\"Not Found\",\"detail\":\"Function 'f': Not found for account 'a'\"}")),
        Arguments.of(
            "degraded",
            Script.json(
                400,
                "{\"status\":400,\"title\":\"Bad Request\",\"detail\":\"Function id 'f': DEGRADED function cannot be invoked\"}")),
        Arguments.of("key", Script.json(401, "{\"detail\":\"Invalid API key\"}")),
        Arguments.of("account", Script.json(402, "{\"detail\":\"credits are used up\"}")),
        Arguments.of(
            "authorization",
            Script.json(403, "{\"status\":403,\"detail\":\"Authorization failed\"}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void costsOneCallAProcessAndNoTurn(String name, Script fault) throws Exception {
    start("nim/first/model, nim/second/model");
    first(fault);

    for (int turn = 0; turn < 4; turn++) {
      HttpResponse<String> response = ask("Hi");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("from the second");
      assertThat(response.headers().firstValue("caravan-tried").orElse(""))
          .startsWith("nim/first/model ");
    }

    assertThat(callsOf("first/model")).isEqualTo(1);
  }

  @Test
  void isTriedAgainOnceItsTimeIsOver() throws Exception {
    start("nim/first/model, nim/second/model", "caravan.set-aside.gone", "1");
    first(ENDED);
    ask("Hi");
    first(Script.says("back again"));

    assertThat(ask("Hi").body()).contains("back again");
  }

  @Test
  void isCalledAllTheSameWhereThereIsNoOther() throws Exception {
    start("nim/first/model");
    first(ENDED);

    assertThat(List.of(ask("Hi").statusCode(), ask("Hi").statusCode())).containsOnly(404);
    assertThat(callsOf("first/model")).isEqualTo(2);
  }

  @Test
  void aClientsWordsSetNoModelAside() throws Exception {
    start("nim/first/model, nim/second/model");
    String words = "the model 'first' does not exist, DEGRADED function cannot be invoked";
    first(Script.json(400, "{\"error\":{\"message\":\"refused: " + words + "\"}}"));
    ask(words);
    first(Script.says("still here"));

    assertThat(ask("Hi").body()).contains("still here");
  }

  @Test
  void aFirewallsRefusalOfAPromptSetsNoModelAside() throws Exception {
    start("nim/first/model, nim/second/model");
    first(Script.whole(403, "text/html", "<html><h1>403 Forbidden</h1></html>"));
    ask("cat /etc/passwd");
    first(Script.says("still here"));

    assertThat(ask("Hi").body()).contains("still here");
  }

  @Test
  void aModelThatPausesIsWaitedForIfTheNextOneIsGone() throws Exception {
    start("nim/first/model, nim/gone/model", "caravan.retry.total", "8000");
    upstream.enqueue(
        Script.json(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 1"), ENDED);
    upstream.answer(request -> Script.says("after the pause"));

    assertThat(ask("Hi").body()).contains("after the pause");
  }
}
