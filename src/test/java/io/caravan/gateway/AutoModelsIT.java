package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.provider.ModelCard;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the model that {@code nim/auto} stands for. */
class AutoModelsIT {
  private static final String HI =
      "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String LIST =
      "{\"data\":[{\"id\":\"quick/small\",\"max_model_len\":32768},"
          + "{\"id\":\"quick/large\",\"max_model_len\":131072},"
          + "{\"id\":\"slow/large\",\"max_model_len\":262144},"
          + "{\"id\":\"untried/large\",\"max_model_len\":1000000},"
          + "{\"id\":\"no/tools\",\"max_model_len\":1000000},"
          + "{\"id\":\"an/embed-model\"}]}";

  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private ScriptedUpstream upstream;
  private Gateway gateway;
  private volatile String list = LIST;

  @BeforeEach
  void prepare() {
    upstream = ScriptedUpstream.start();
    upstream.answerElse(request -> Script.json(200, list));
    upstream.answer(this::answer);
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private Script answer(ReceivedRequest request) {
    String model = request.text().replaceFirst("(?s).*?\"model\":\"([^\"]*)\".*", "$1");
    return ended.contains(model)
        ? Script.json(410, "{\"status\":410,\"detail\":\"reached its end of life\"}")
        : Script.says("from " + model);
  }

  private void start(String... settings) throws Exception {
    String[] all = java.util.Arrays.copyOf(settings, settings.length + 4);
    all[settings.length] = "caravan.models.list";
    all[settings.length + 1] = "true";
    all[settings.length + 2] = "caravan.models.refresh";
    all[settings.length + 3] = "100";
    gateway = Gateway.before(upstream, all);
    tried("quick/small", 100, true);
    tried("quick/large", 300, true);
    tried("slow/large", 900, true);
    tried("no/tools", 50, false);
  }

  private void tried(String id, int firstToken, boolean tools) {
    ModelCard card = new ModelCard();
    card.setProvider("nim");
    card.setId(id);
    card.setFirstTokenMillis(firstToken);
    card.setTools(tools);
    gateway.context().getRegistry().bind("nim/" + id, card);
  }

  private HttpResponse<String> ask(String model) throws Exception {
    return gateway.post("/v1/messages", HI.formatted(model));
  }

  private static String auto(HttpResponse<String> response) {
    return response.headers().firstValue("caravan-auto").orElse("");
  }

  @Test
  void isTheBestLiveOneAndSaysWhy() throws Exception {
    start("caravan.model.default", "nim/auto");

    HttpResponse<String> response = ask("claude-sonnet");

    assertThat(response.body()).contains("from quick/large");
    assertThat(auto(response))
        .isEqualTo("nim/quick/large (calls tools, window 131072, first token 300 ms)");
    assertThat(gateway.send("GET", "/").body())
        .contains("nim/auto")
        .contains("now quick/large: calls tools, window 131072, first token 300 ms");
  }

  @Test
  void theRequestInWhichTheModelEndsIsAnsweredByTheNextBest() throws Exception {
    start("caravan.model.default", "nim/auto");
    ask("claude-sonnet");
    ended.add("quick/large");

    HttpResponse<String> response = ask("claude-sonnet");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("from slow/large");
    assertThat(auto(response)).startsWith("nim/slow/large (");
    assertThat(response.headers().firstValue("caravan-tried"))
        .contains("nim/quick/large not_found_error");
    assertThat(ask("claude-sonnet").headers().firstValue("caravan-tried")).isEmpty();
  }

  @Test
  void aChoiceIsKeptUntilItFails() throws Exception {
    start("caravan.model.default", "nim/auto");
    ask("claude-sonnet");
    tried("slow/large", 20, true);

    assertThat(ask("claude-sonnet").body()).contains("from quick/large");
    ended.add("quick/large");
    ask("claude-sonnet");
    ended.clear();
    tried("quick/large", 1, true);
    assertThat(ask("claude-sonnet").body()).contains("from slow/large");
  }

  @Test
  void aModelThatIsNoLongerServedIsLeft() throws Exception {
    start("caravan.model.default", "nim/auto");
    ask("claude-sonnet");
    list = "{\"data\":[{\"id\":\"untried/large\"},{\"id\":\"slow/large\"}]}";

    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(ask("claude-sonnet").body()).contains("from slow/large"));
  }

  @Test
  void aClassOrAClientMayNameItToo() throws Exception {
    start("caravan.model.default", "nim/untried/large", "caravan.model.haiku", "nim/auto");

    assertThat(ask("claude-haiku").body()).contains("from quick/large");
    assertThat(ask("claude-sonnet").body()).contains("from untried/large");
    assertThat(auto(ask("claude-sonnet"))).isEmpty();
    assertThat(ask("nim/auto").body()).contains("from quick/large");
  }

  @Test
  void itNeverGoesToAnotherProvider() throws Exception {
    start("caravan.model.default", "nim/auto", "caravan.retry.attempts", "1");
    ended.addAll(Set.of("quick/small", "quick/large", "slow/large", "untried/large"));

    HttpResponse<String> response = ask("claude-sonnet");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(upstream.completions()).hasSize(4);
    assertThat(upstream.completions())
        .noneMatch(request -> request.text().contains("\"no/tools\""));
  }

  @Test
  void anIdThatLooksLikeAPlaceholderBreaksNothing() throws Exception {
    list = LIST.replace("an/embed-model", "{{env:NOBODY_SETS_THIS}}");
    start("caravan.model.default", "nim/auto");

    assertThat(ask("claude-sonnet").body()).contains("from quick/large");
    assertThat(gateway.send("GET", "/v1/models").statusCode()).isEqualTo(200);
    assertThat(ask("nim/{{env:NOBODY_SETS_THIS}}").statusCode()).isEqualTo(200);
    assertThat(ask("{{env:NOBODY_SETS_THIS}}/x").statusCode()).isEqualTo(404);
  }

  @Test
  void aModelOfThatNameComesFirst() throws Exception {
    list = "{\"data\":[{\"id\":\"auto\"},{\"id\":\"quick/large\"}]}";
    start("caravan.model.default", "nim/auto");

    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(ask("claude-sonnet").body()).contains("from auto"));
    assertThat(auto(ask("claude-sonnet"))).isEmpty();
  }
}
