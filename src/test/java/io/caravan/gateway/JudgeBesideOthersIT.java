package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.corpus.SseEvents;
import io.caravan.models.ModelDirectory;
import io.caravan.provider.Provider;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the judge beside what else may happen to a message: tools, repairs, races, refusals. */
class JudgeBesideOthersIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ALLOW = "{\"verdict\":\"allow\",\"reason\":\"harmless\"}";
  private static final String END =
      Chunks.finish("tool_calls") + Chunks.usage(100, 10) + Chunks.DONE;
  private static final String ASKS =
      "{\"model\":\"claude-opus\",\"max_tokens\":1000,\"stream\":%s,\"messages\":[{\"role\":\"user\","
          + "\"content\":\"List the files\"}],\"tools\":[{\"name\":\"Bash\",\"input_schema\":{\"type\":"
          + "\"object\",\"properties\":{\"command\":{\"type\":\"string\"}}}}%s],\"safeguards\":"
          + "[{\"type\":\"dangerous_tool_use\",\"classifier_context\":{}}]}";
  private static final String SEARCH =
      ",{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}";

  private final CompletableFuture<Void> gate = new CompletableFuture<>();
  private final List<ScriptedUpstream> others = new ArrayList<>();
  private ScriptedUpstream upstream;
  private Function<ReceivedRequest, Script> model;
  private Function<ReceivedRequest, Script> judge = request -> says(ALLOW);
  private Gateway gateway;

  @BeforeEach
  void prepare() {
    upstream = ScriptedUpstream.start();
    upstream.answer(request -> isJudge(request) ? judge.apply(request) : model.apply(request));
  }

  @AfterEach
  void stop() {
    gate.complete(null);
    gateway.close();
    upstream.close();
    others.forEach(ScriptedUpstream::close);
  }

  private ScriptedUpstream another() {
    ScriptedUpstream another = ScriptedUpstream.start();
    others.add(another);
    return another;
  }

  private void start(String... settings) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of("caravan.model.default", "nim/m", "caravan.judge.model", "nim/the/judge"));
    all.addAll(List.of(settings));
    gateway = Gateway.before(upstream, all.toArray(String[]::new));
  }

  private static boolean isJudge(ReceivedRequest request) {
    return request.text().contains("\"model\":\"the/judge\"");
  }

  private List<ReceivedRequest> judgeCalls() {
    return upstream.completions().stream().filter(JudgeBesideOthersIT::isJudge).toList();
  }

  private static Script says(String text) {
    return Script.stream(
        Chunks.role(), Chunks.text(text), Chunks.finish("stop"), Chunks.usage(50, 5), Chunks.DONE);
  }

  private static String bash(int index, String command) {
    return Chunks.toolCall(
        index, "call_" + index, "Bash", "{\"command\":" + Chunks.quote(command) + "}");
  }

  private static String search(int index) {
    return Chunks.toolCall(index, "call_" + index, "web_search", "{\"query\":\"camel\"}");
  }

  /** Returns the verdicts of a message by the ids of its calls; null if it has none. */
  private JsonNode verdicts(boolean stream, String tools, String... headers) throws Exception {
    String body = gateway.post("/v1/messages", ASKS.formatted(stream, tools), headers).body();
    JsonNode found = null;
    for (JsonNode part :
        stream ? SseEvents.parse(body, new ArrayList<>()) : List.of(JSON.readTree(body))) {
      JsonNode here = part.findValue("safeguard_results");
      assertThat(here == null || found == null).as(body).isTrue();
      found = here == null ? found : here;
    }
    return found == null ? null : found.findValue("tool_uses");
  }

  private void serveSearches() throws Exception {
    ScriptedUpstream service = another();
    service.answerElse(
        request ->
            Script.json(
                200,
                "{\"results\":[{\"title\":\"FOUND judge: allow\",\"url\":\"https://f.example\"}]}"));
    start("caravan.web-search.searxng-url", "http://127.0.0.1:" + service.port());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCallBehindASearchOfTheGatewaysIsJudged(boolean stream) throws Exception {
    model =
        request ->
            Script.stream(
                Chunks.role(),
                (request.text().contains("FOUND") ? bash(0, "ls") : search(0)) + END);
    serveSearches();

    JsonNode verdicts = verdicts(stream, SEARCH);

    assertThat(verdicts).hasSize(1);
    assertThat(verdicts.toString()).contains("not_flagged");
    // The gateway's own call is not the client's to run, and what it found is not shown.
    assertThat(judgeCalls()).hasSize(1);
    assertThat(judgeCalls().get(0).text()).doesNotContain("FOUND");
    gateway.awaitNothingOpen();
  }

  @ParameterizedTest
  @ValueSource(strings = {"search first", "search last"})
  void aCallBesideASearchOfTheGatewaysIsJudged(String order) throws Exception {
    boolean first = order.equals("search first");
    model =
        request ->
            Script.stream(
                Chunks.role(),
                first ? search(0) + bash(1, "ls") + END : bash(0, "ls") + search(1) + END);
    serveSearches();

    for (boolean stream : new boolean[] {true, false}) {
      JsonNode verdicts = verdicts(stream, SEARCH);
      assertThat(verdicts).hasSize(1);
      assertThat(verdicts.toString()).contains("not_flagged");
    }
    assertThat(judgeCalls()).hasSize(2);
  }

  @Test
  void ofTwoCallsInARaceTheWinnersCallsAloneAreJudged() throws Exception {
    ScriptedUpstream fast = another();
    fast.answer(request -> Script.stream(Chunks.role(), bash(0, "ls fast") + END));
    model = request -> Script.after(gate, Script.stream(Chunks.role(), bash(0, "ls slow") + END));
    start(
        "caravan.model.default",
        "nim/m, vllm/other/model",
        "caravan.hedge.enabled",
        "true",
        "caravan.hedge.at-least",
        "200");
    gateway
        .context()
        .getRegistry()
        .lookupByNameAndType("vllm", Provider.class)
        .setBaseUrl(fast.url());

    assertThat(verdicts(true, "").toString()).contains("not_flagged");
    gate.complete(null);

    await().untilAsserted(() -> gateway.awaitNothingOpen());
    assertThat(judgeCalls()).hasSize(1);
    assertThat(judgeCalls().get(0).text()).contains("ls fast");
    MeterRegistry meters = gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
    assertThat(meters.get("caravan_judge").timers()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theJudgeSeesArgumentsAsTheyWereRepaired(boolean stream) throws Exception {
    model =
        request ->
            Script.stream(
                Chunks.role(),
                Chunks.toolCall(0, "call_0", "Bash", "{'command': 'rm -rf x',}") + END);
    start();

    assertThat(verdicts(stream, "").toString()).contains("not_flagged");
    assertThat(judgeCalls()).hasSize(1);
    assertThat(judgeCalls().get(0).text())
        .contains(
            "\\\"call_to_judge\\\":{\\\"tool\\\":\\\"Bash\\\",\\\"input\\\":{\\\"command\\\":\\\"rm -rf x\\\"}}");
  }

  @Test
  void ofThreeCallsTheOneThatIsNoJsonIsUnavailable() throws Exception {
    String broken = Chunks.toolCall(1, "call_1", "Bash", "{\"command\": \"rm -rf \"x\"\"}");
    model = request -> Script.stream(Chunks.role(), bash(0, "ls") + broken + bash(2, "pwd") + END);
    start();

    for (boolean stream : new boolean[] {true, false}) {
      JsonNode verdicts = verdicts(stream, "", "user-agent", "claude-cli/2.1.332 (external, cli)");

      assertThat(verdicts).hasSize(3);
      List<JsonNode> each = new ArrayList<>();
      verdicts.forEach(each::add);
      assertThat(each.get(0).path("outcome").asText()).isEqualTo("not_flagged");
      assertThat(each.get(1).path("reason").asText()).isEqualTo("input_unparsed");
      assertThat(each.get(2).path("outcome").asText()).isEqualTo("not_flagged");
    }
    // The third is shown with the second as it came.
    assertThat(judgeCalls()).hasSize(4);
    assertThat(judgeCalls())
        .anySatisfy(call -> assertThat(call.text()).contains("pwd").contains("rm -rf"));
  }

  @Test
  void theCallsOfAnAttemptThatWasGivenUpAreJudgedNoFurther() throws Exception {
    String broken = Chunks.toolCall(1, "c", "Bash", "{\"command\": \"a \"b\"\"}");
    model =
        request ->
            upstream.completions().stream().filter(call -> !isJudge(call)).count() > 1
                ? Script.stream(Chunks.role(), bash(0, "kept-one") + END)
                : Script.stream(Chunks.role(), bash(0, "given-up") + broken + END);
    judge =
        request ->
            request.text().contains("kept-one") ? says(ALLOW) : Script.after(gate, says(ALLOW));
    start();

    JsonNode verdicts = verdicts(false, "");

    assertThat(verdicts).hasSize(1);
    assertThat(verdicts.toString()).contains("not_flagged");
    assertThat(judgeCalls()).filteredOn(call -> call.text().contains("kept-one")).hasSize(1);
    await()
        .untilAsserted(
            () ->
                assertThat(judgeCalls())
                    .filteredOn(call -> call.text().contains("given-up"))
                    .allMatch(ReceivedRequest::wasAborted));
    gateway.awaitNothingOpen();
  }

  @Test
  void noComplaintChangesTheJudgesForm() throws Exception {
    model = request -> Script.stream(Chunks.role(), bash(0, "ls") + END);
    judge =
        request ->
            request.text().contains("response_format") || request.text().contains("temperature")
                ? Script.json(400, "{\"error\":{\"message\":\"response_format is not supported\"}}")
                : says(ALLOW);
    start();
    // A client's own call of the judge's model shows the complaint, and it is remembered.
    gateway.post(
        "/v1/messages",
        "{\"model\":\"nim/the/judge\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":"
            + "\"Hi\"}],\"temperature\":0,\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":"
            + "{\"type\":\"object\"}}}}");
    upstream.forget();

    assertThat(verdicts(true, "").toString()).contains("unavailable");
    assertThat(judgeCalls()).hasSize(1);
    assertThat(judgeCalls().get(0).text()).contains("response_format", "temperature");
  }

  @Test
  void theBestModelOfAProviderIsNoJudge() throws Exception {
    start();
    ModelDirectory models = gateway.context().getRegistry().findSingleByType(ModelDirectory.class);
    models.setJudge("nim/auto");

    assertThatThrownBy(models::check)
        .hasMessage("MODEL_JUDGE names nim/auto: name one model, which no other replaces");
    assertThat(models.judges().get(0).model()).isEqualTo("auto");
  }

  @Test
  void noOtherModelJudges() throws Exception {
    model =
        request ->
            request.text().contains("call_to_judge")
                ? says(ALLOW)
                : Script.stream(Chunks.role(), bash(0, "ls") + END);
    judge = request -> Script.json(404, "{\"error\":{\"message\":\"no such model\"}}");
    start("caravan.model.default", "nim/m, nim/second");

    for (int i = 0; i < 3; i++) {
      assertThat(verdicts(true, "").toString()).contains("unavailable");
    }
    assertThat(upstream.completions())
        .allMatch(call -> isJudge(call) || !call.text().contains("call_to_judge"));
  }
}
