package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that the menu of models is what the upstream serves, and knows what becomes of it. */
class MenuIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATED = "deepseek-ai/deepseek-v4-flash-1130";

  private final ScriptedUpstream upstream = ScriptedUpstream.start();
  private volatile Script list = list("z-ai/glm-5.3", "some/embedding");
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    upstream.answerElse(request -> list);
    gateway =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/z-ai/glm-5.3",
            "caravan.models.list",
            "true",
            "caravan.models.refresh",
            "100");
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private static Script list(String... ids) {
    return Script.json(
        200,
        Arrays.stream(ids)
            .map(id -> "{\"id\":\"" + id + "\"}")
            .collect(Collectors.joining(",", "{\"data\":[", "]}")));
  }

  private JsonNode get(String path) throws Exception {
    return JSON.readTree(gateway.send("GET", path).body());
  }

  private List<String> menu() throws Exception {
    return get("/v1/models").at("/data").findValuesAsText("id").stream()
        .filter(id -> id.startsWith("claude/"))
        .toList();
  }

  private void awaitMenu(String... ids) {
    await()
        .untilAsserted(
            () ->
                assertThat(menu())
                    .containsExactly(
                        Arrays.stream(ids).map(id -> "claude/nim/" + id).toArray(String[]::new)));
  }

  private JsonNode sentFor(String model) throws Exception {
    upstream.forget();
    upstream.enqueue(Script.says("ok"));
    gateway.post(
        "/v1/messages",
        "{\"model\":\"nim/"
            + model
            + "\",\"max_tokens\":4000000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024},"
            + "\"output_config\":{\"effort\":\"medium\"},"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    return JSON.readTree(upstream.completions().get(0).body());
  }

  @Test
  void equalsWhatIsServedWithinOneRefresh() throws Exception {
    awaitMenu("some/embedding", "z-ai/glm-5.3");

    list = list(DATED, "moonshotai/kimi-k3");

    // The configured model is listed no more, and no card is shown for what isn't served.
    awaitMenu(DATED, "moonshotai/kimi-k3");
    assertThat(get("/v1/models").at("/data").findValuesAsText("id")).contains("claude-opus");
  }

  @Test
  void hasEachModelOfAllPagesOnce() throws Exception {
    Script first =
        Script.json(
            200,
            "{\"data\":[{\"id\":\"a/one\"},{\"id\":\"a/two\"},{\"id\":\"a/one\"}],"
                + "\"has_more\":true,\"last_id\":\"a/two\"}");
    upstream.answerElse(
        request -> request.target().contains("after_id=a%2Ftwo") ? list("a/two", DATED) : first);

    awaitMenu("a/one", "a/two", DATED);
  }

  @Test
  void isEmptyOnceNothingIsServed() throws Exception {
    awaitMenu("some/embedding", "z-ai/glm-5.3");

    list = Script.json(200, "{\"data\":[]}");

    awaitMenu();
  }

  @Test
  void givesNoFamilyToAnIdThatOnlyLooksLikeIt() throws Exception {
    JsonNode plain = sentFor("some/unknown-model").deepCopy().withObject("").put("model", "x");

    for (String id :
        List.of("deepseek-ai/deepseek-v", "other/deepseek-ai/deepseek-v4-pro", "kimi-k3", "z-ai")) {
      assertThat(sentFor(id).deepCopy().withObject("").put("model", "x")).as(id).isEqualTo(plain);
    }
  }

  @Test
  void keepsTheLastListWhileThereIsNone() throws Exception {
    awaitMenu("some/embedding", "z-ai/glm-5.3");
    list = Script.json(503, "{}");
    upstream.forget();
    await().until(() -> upstream.everything().size() > 2);

    assertThat(menu()).containsExactly("claude/nim/some/embedding", "claude/nim/z-ai/glm-5.3");
  }

  @Test
  void givesANewDatedIdTheDialectAndTheNameOfItsFamily() throws Exception {
    list = list(DATED, "z-ai/glm-5.3");
    awaitMenu(DATED, "z-ai/glm-5.3");

    JsonNode sent = sentFor(DATED);

    assertThat(sent.get("reasoning_effort").asText()).isEqualTo("high");
    assertThat(sent.get("max_tokens").asInt()).isEqualTo(393_216);
    assertThat(sent)
        .isEqualTo(
            sentFor("deepseek-ai/deepseek-v4-pro").deepCopy().withObject("").put("model", DATED));
    JsonNode model = get("/v1/models/nim/" + DATED);
    assertThat(model.get("display_name").asText()).isEqualTo("DeepSeek V4-flash-1130");
    assertThat(model.get("max_input_tokens").asInt()).isEqualTo(1_048_576);
    assertThat(model.at("/capabilities/effort/max/supported").asBoolean()).isTrue();
  }

  @Test
  void takesTheOwnCardBeforeTheFamilysAndTheLongestNameOfTwo() throws Exception {
    assertThat(get("/v1/models/nim/google/gemma-4-31b-it").get("display_name").asText())
        .isEqualTo("Gemma 4 31B");
    assertThat(sentFor("mistralai/mistral-small-4-200b-2611").has("reasoning_effort")).isTrue();
    assertThat(sentFor("mistralai/mistral-large-4-2611").has("reasoning_effort")).isFalse();
    assertThat(sentFor("moonshotai/kimi-k3").at("/chat_template_kwargs/thinking").asBoolean())
        .isTrue();
  }

  @Test
  void givesNoLabelToAModelThatOnlyAClientHasNamed() throws Exception {
    sentFor("deepseek-ai/deepseek-v4-invented");

    MeterRegistry meters = gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
    assertThat(meters.getMeters())
        .extracting(meter -> meter.getId().getTag("model"))
        .contains("other")
        .doesNotContain("deepseek-ai/deepseek-v4-invented");
  }

  @Test
  void dropsAModelThatHasEndedAndSaysWhen() throws Exception {
    awaitMenu("some/embedding", "z-ai/glm-5.3");
    upstream.enqueue(
        Script.json(
            410,
            "{\"status\":410,\"title\":\"Gone\",\"detail\":\"The model 'z-ai/glm-5.3' has reached its"
                + " end of life on 2026-11-29T00:00:00Z and is no longer available.\"}"));
    gateway.post(
        "/v1/messages",
        "{\"model\":\"claude-opus\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

    awaitMenu("some/embedding");
    JsonNode ended = get("/v1/models/nim/z-ai/glm-5.3");
    assertThat(ended.get("lifecycle").asText()).isEqualTo("retired");
    assertThat(ended.get("retires_at").asText()).isEqualTo("2026-11-29T00:00:00Z");
    assertThat(get("/v1/models/claude-opus").get("lifecycle").asText()).isEqualTo("retired");
  }

  @Test
  void saysWhatTheListSaysOfAModelsEndNameAndEyes() throws Exception {
    list =
        Script.json(
            200,
            """
            {"data":[
              {"id":"a/leaving","name":"Leaving","expiration_date":"2999-01-31",
               "architecture":{"input_modalities":["text","image"]},"context_length":4096},
              {"id":"b/left","deprecation":"2025-03-30T12:00:00Z"},
              {"id":"c/inactive","active":false}]}
            """);
    awaitMenu("a/leaving");

    JsonNode leaving = get("/v1/models/nim/a/leaving");
    assertThat(leaving.get("lifecycle").asText()).isEqualTo("deprecated");
    assertThat(leaving.get("retires_at").asText()).isEqualTo("2999-01-31T00:00:00Z");
    assertThat(leaving.get("display_name").asText()).isEqualTo("Leaving");
    assertThat(leaving.get("max_input_tokens").asInt()).isEqualTo(4096);
    assertThat(leaving.at("/capabilities/image_input/supported").asBoolean()).isTrue();
    assertThat(get("/v1/models/nim/b/left").get("lifecycle").asText()).isEqualTo("retired");
  }
}
