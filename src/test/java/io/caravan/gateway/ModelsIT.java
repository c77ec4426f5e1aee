package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.models.ModelDirectory;
import io.caravan.provider.ModelCard;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the lists of models, their cards, and the effect of those. */
class ModelsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UPSTREAM_KEY = "nvapi-canary-of-the-upstream";
  private static final String LIST =
      "{\"data\":[{\"id\":\"served/model\",\"max_model_len\":4096},{\"id\":\"other/model\"},"
          + "{\"id\":\"moonshotai/kimi-k2.6\",\"max_model_len\":65536},"
          + "{\"id\":\"for-"
          + UPSTREAM_KEY
          + "\"},{\"id\":\"named\",\"display_name\":\"of "
          + UPSTREAM_KEY
          + "\"}]}";

  private static final CompletableFuture<Void> LISTED = new CompletableFuture<>();
  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    upstream.answerElse(request -> Script.after(LISTED, Script.json(200, LIST)));
    gateway =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/served/model",
            "caravan.models.list",
            "true",
            "caravan.nim.api-key",
            UPSTREAM_KEY);
    // The gateway starts before the upstream has sent its list.
    assertThat(get("/v1/models").at("/data").findValuesAsText("id"))
        .contains("claude/nim/served/model")
        .doesNotContain("claude/nim/other/model");
    LISTED.complete(null);
    await().untilAsserted(() -> assertThat(ids("/v1/models")).contains("claude/nim/other/model"));
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

  private static JsonNode get(String path) throws Exception {
    return JSON.readTree(gateway.send("GET", path).body());
  }

  private static List<String> ids(String path) throws Exception {
    return get(path).at("/data").findValuesAsText("id");
  }

  private static String ask(String model, int maxTokens, String text) {
    return "{\"model\":\"%s\",\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(model, maxTokens, text);
  }

  @Test
  void listsTheSizesThatCardsAndUpstreamsName() throws Exception {
    JsonNode served = get("/v1/models/nim%2Fserved%2Fmodel");
    JsonNode minimax = get("/v1/models/claude%2Fnim%2Fminimaxai%2Fminimax-m3");
    JsonNode kimi = get("/v1/models/nim/moonshotai/kimi-k2.6");

    assertThat(served.get("max_input_tokens").asInt()).isEqualTo(4096);
    assertThat(minimax.get("max_input_tokens").asInt()).isEqualTo(1_000_000);
    assertThat(minimax.get("max_tokens").asInt()).isEqualTo(16_384);
    // The card has more than 65536; this server allows no more.
    assertThat(kimi.get("max_input_tokens").asInt()).isEqualTo(65_536);
    assertThat(kimi.get("display_name").asText()).isEqualTo("Kimi K2.6");
  }

  @Test
  void aNameWithAKeyInItIsInNoList() throws Exception {
    assertThat(ids("/v1/models"))
        .contains("claude/nim/other/model")
        .doesNotContain("claude/nim/named");
    assertThat(get("/v1/models").toString()).doesNotContain(UPSTREAM_KEY);
  }

  @Test
  void namesEachClassWithItsModel() throws Exception {
    JsonNode data = get("/v1/models").at("/data");

    assertThat(data.findValuesAsText("id"))
        .startsWith("claude-fable", "claude-opus", "claude-sonnet", "claude-haiku");
    assertThat(data.findValuesAsText("display_name"))
        .contains("opus (nim/served/model)", "fable (nim/served/model)", "nim/served/model")
        .doesNotHaveDuplicates();
    assertThat(get("/v1/models/claude-fable-5-2").get("display_name").asText())
        .isEqualTo("fable (nim/served/model)");
    assertThat(get("/v1/models/claude-haiku").get("line").asText()).isEqualTo("haiku");
    assertThat(get("/v1/models/nim%2Fserved%2Fmodel").get("line").isNull()).isTrue();
  }

  @Test
  void tellsTheAbilitiesThatACardNames() throws Exception {
    JsonNode kimi = get("/v1/models/nim/moonshotai/kimi-k2.6").at("/capabilities");
    JsonNode glm = get("/v1/models/nim/z-ai/glm-5.3").at("/capabilities");

    assertThat(kimi.at("/image_input/supported").asBoolean()).isTrue();
    assertThat(kimi.at("/thinking/supported").asBoolean()).isTrue();
    assertThat(kimi.at("/thinking/types/adaptive/supported").asBoolean()).isTrue();
    assertThat(kimi.at("/effort/supported").asBoolean()).isFalse();
    assertThat(glm.at("/image_input/supported").asBoolean()).isFalse();
    assertThat(glm.at("/pdf_input/supported").asBoolean()).isFalse();
    assertThat(glm.at("/structured_outputs/supported").asBoolean()).isTrue();
    assertThat(glm.at("/effort/high/supported").asBoolean()).isTrue();
    assertThat(glm.at("/effort/medium/supported").asBoolean()).isFalse();
    assertThat(get("/v1/models/nim%2Fserved%2Fmodel").get("capabilities").isNull()).isTrue();
  }

  @Test
  void showsThePersonTheSettingForTheWindow() throws Exception {
    assertThat(gateway.send("GET", "/").body())
        .contains(
            "export ANTHROPIC_MODEL=claude-opus CLAUDE_CODE_MAX_CONTEXT_TOKENS=4096\nclaude<");
  }

  @Test
  void givesPagesInBothDirections() throws Exception {
    List<String> all = ids("/v1/models");
    List<String> paged = new ArrayList<>();
    JsonNode page = get("/v1/models?limit=2");
    paged.addAll(page.at("/data").findValuesAsText("id"));
    while (page.get("has_more").asBoolean()) {
      page = get("/v1/models?limit=2&after_id=" + page.get("last_id").asText().replace("/", "%2F"));
      paged.addAll(page.at("/data").findValuesAsText("id"));
    }

    assertThat(paged).isEqualTo(all);
    String fourth = all.get(3).replace("/", "%2F");
    assertThat(ids("/v1/models?limit=2&before_id=" + fourth)).isEqualTo(all.subList(1, 3));
    assertThat(gateway.send("GET", "/v1/models?limit=0").statusCode()).isEqualTo(400);
    assertThat(gateway.send("GET", "/v1/models?after_id=nope").statusCode()).isEqualTo(400);
  }

  @Test
  void listsNoModelsOfProvidersThatCannotAnswer() throws Exception {
    assertThat(ids("/v1/models")).noneMatch(id -> id.startsWith("claude/openai/"));
  }

  @Test
  void asksForNoMoreThanTheModelGives() throws Exception {
    upstream.enqueue(Script.says("ok"));

    gateway.post("/v1/messages", ask("nim/minimaxai/minimax-m3", 128_000, "Hi"));

    assertThat(sentMaxTokens()).isEqualTo(16_384);
  }

  @Test
  void asksForNoMoreThanTheWindowLeaves() throws Exception {
    upstream.enqueue(Script.says("ok"));

    gateway.post("/v1/messages", ask("nim/served/model", 128_000, "word ".repeat(1000)));

    assertThat(sentMaxTokens()).isBetween(2000, 3100);
  }

  @Test
  void refusesAPromptThatCannotFitInTheWordsOnWhichClaudeCodeCompacts() throws Exception {
    HttpResponse<String> answer =
        gateway.post("/v1/messages", ask("nim/served/model", 1000, "word ".repeat(9000)));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).at("/error/message").asText())
        .matches("prompt is too long: \\d+ tokens > \\d+ maximum");
    assertThat(upstream.completions()).isEmpty();
  }

  @Test
  void keepsWhatItKnowsOfAModelAsOneObject() {
    ModelDirectory models = gateway.context().getRegistry().findSingleByType(ModelDirectory.class);

    ModelCard before = models.choose("nim/moonshotai/kimi-k2.6").card();

    assertThat(models.choose("nim/moonshotai/kimi-k2.6").card()).isSameAs(before);
    assertThat(before.getContextWindow()).isEqualTo(65_536);
  }

  private static int sentMaxTokens() throws Exception {
    return JSON.readTree(upstream.completions().get(0).body()).get("max_tokens").asInt();
  }
}
