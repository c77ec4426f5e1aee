package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.openai.UpstreamError;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.provider.learned.Quirk;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests explanations: what would be done with a request, of which nothing is done. */
class ExplainIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PATH = "/v1/messages?explain=true";
  private static final String KEY = "nvapi-the-providers-own-key";
  private static final String ASK =
      """
      {"model":"%s","max_tokens":900,"stream":true,"top_k":5,"stop_sequences":["END"],"container":"mine","thinking":{"type":"adaptive"},
       "system":"Be brief and helpful in all that you say.",
       "tools":[{"name":"Bash","description":"Runs a command","input_schema":{"type":"object","properties":{}}}],
       "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},
                   {"role":"user","content":"What is the capital of France?"}]}""";

  @TempDir Path directory;
  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void startUpstream() throws Exception {
    upstream = ScriptedUpstream.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private void start(String... settings) throws Exception {
    String[] all = new String[settings.length + 6];
    System.arraycopy(settings, 0, all, 0, settings.length);
    all[settings.length] = "caravan.nim.api-key";
    all[settings.length + 1] = KEY;
    all[settings.length + 2] = "caravan.model.default";
    all[settings.length + 3] = "nim/z-ai/glm-5.3, nim/moonshotai/kimi-k2.6";
    all[settings.length + 4] = "caravan.nim.rate-limit";
    all[settings.length + 5] = "7";
    gateway = Gateway.before(upstream, all);
  }

  private static String ask() {
    return ASK.formatted("claude-sonnet");
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** The body that it names is the one that the same request is then sent with. */
  @Test
  void saysWhatIsThenDone() throws Exception {
    start("caravan.explain", "true");

    HttpResponse<String> answer = gateway.post(PATH, ask());
    JsonNode explained = json(answer);

    assertThat(upstream.everything()).isEmpty();
    upstream.enqueue(Script.says("Paris"));
    HttpResponse<String> real = gateway.post("/v1/messages", ask());
    assertThat(explained.at("/model/is").asText()).isEqualTo("nim/z-ai/glm-5.3");
    assertThat(explained.at("/model/because").asText()).contains("claude-sonnet");
    JsonNode call = explained.at("/calls/0");
    assertThat(call.path("would_be").asText()).isEqualTo("called");
    assertThat(call.path("url").asText()).isEqualTo(upstream.url() + "/chat/completions");
    assertThat(call.path("body")).isEqualTo(JSON.readTree(upstream.completions().get(0).text()));
    assertThat(call.path("lost").properties())
        .extracting(loss -> loss.getKey() + "=" + loss.getValue())
        .containsExactlyInAnyOrder(
            real.headers().firstValue("caravan-lossy").orElseThrow().split(", ?", -1));
    assertThat(call.at("/limits/requests_per_minute").asInt()).isEqualTo(7);
    assertThat(explained.at("/calls/1/would_be").asText()).isEqualTo("a fallback");
    assertThat(explained.at("/calls/1/body/model").asText()).isEqualTo("moonshotai/kimi-k2.6");
    assertThat(answer.body()).doesNotContain(KEY).contains("\"Authorization\":\"********\"");
    assertThat(real.headers().firstValue("caravan-prefix")).isEmpty();
  }

  @Test
  void countsTokensByPart() throws Exception {
    start("caravan.explain", "true");

    JsonNode tokens = json(gateway.post(PATH, ask())).path("tokens");
    JsonNode counted = json(gateway.post("/v1/messages/count_tokens", ask()));

    assertThat(tokens.path("input")).isEqualTo(counted.path("input_tokens"));
    JsonNode parts = tokens.path("by_part");
    assertThat(parts.path("system").asInt()).isBetween(5, 40);
    assertThat(parts.path("tools").asInt()).isGreaterThan(10);
    assertThat(parts.path("last_message").asInt()).isBetween(5, parts.path("messages").asInt() - 1);
    assertThat(
            parts.path("system").asInt()
                + parts.path("tools").asInt()
                + parts.path("messages").asInt())
        .isEqualTo(tokens.path("counted").asInt());
  }

  /** A request that is to cost nothing must not be answered for money instead. */
  @Test
  void isOffUnlessTheOperatorAsks() throws Exception {
    start("caravan.admin-key", "the-operators-own-key");

    HttpResponse<String> client = gateway.post(PATH, ask());
    HttpResponse<String> wrong = gateway.post(PATH, ask(), "caravan-admin-key", "another");
    HttpResponse<String> operator =
        gateway.post(PATH, ask(), "caravan-admin-key", "the-operators-own-key");

    assertThat(client.statusCode()).isEqualTo(403);
    assertThat(client.body()).contains("permission_error", "caravan.explain");
    assertThat(wrong.statusCode()).isEqualTo(403);
    assertThat(json(operator).path("type").asText()).isEqualTo("explanation");
    assertThat(upstream.everything()).isEmpty();
  }

  @Test
  void obeysTheModelsAndLimitsOfTheKey() throws Exception {
    Path keys = directory.resolve("keys");
    Files.writeString(keys, sha256("anns-key") + " name=ann rpm=2 models=nim/z-ai/*\n");
    start("caravan.explain", "true", "caravan.client-keys-file", keys.toString());
    String[] ann = {"x-api-key", "anns-key"};

    assertThat(gateway.post(PATH, ask()).statusCode()).isEqualTo(401);
    assertThat(gateway.post(PATH, ASK.formatted("nim/moonshotai/kimi-k2.6"), ann).statusCode())
        .isEqualTo(403);
    assertThat(json(gateway.post(PATH, ask(), ann)).path("calls")).hasSize(1);
    gateway.post(PATH, ask(), ann);
    assertThat(gateway.post(PATH, ask(), ann).statusCode()).isEqualTo(429);
  }

  private static String sha256(String key) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    return "sha256:" + HexFormat.of().formatHex(hash);
  }

  @Test
  void showsNothingThatAnotherClientTaught() throws Exception {
    Path keys = directory.resolve("keys");
    Files.writeString(keys, sha256("a-key") + " name=ann\n" + sha256("b-key") + " name=bob\n");
    start("caravan.explain", "true", "caravan.client-keys-file", keys.toString());
    gateway
        .context()
        .getRegistry()
        .findSingleByType(LearnedQuirks.class)
        .learn(
            "ann",
            "nim",
            "z-ai/glm-5.3",
            List.of(new Quirk.DropField("stop", true)),
            new UpstreamError(400, null, null, "words of ann", null));

    HttpResponse<String> ann = gateway.post(PATH, ask(), "x-api-key", "a-key");
    HttpResponse<String> bob = gateway.post(PATH, ask(), "x-api-key", "b-key");

    assertThat(json(ann).at("/calls/0/learned_from_your_calls")).hasSize(1);
    assertThat(json(ann).at("/calls/0/body").has("stop")).isFalse();
    assertThat(json(bob).at("/calls/0").has("learned_from_your_calls")).isFalse();
    assertThat(json(bob).at("/calls/0/body").has("stop")).isTrue();
    assertThat(ann.body() + bob.body()).doesNotContain("words of ann");
  }

  /** The second model took over, so a call to the first one says why it would not be made. */
  @Test
  void saysWhatIsSkippedAndWhatNeedsNoModel() throws Exception {
    start("caravan.explain", "true", "caravan.retry.total", "0");
    upstream.enqueue(Script.json(429, "{}", "Retry-After: 60"), Script.says("Paris"));
    gateway.post("/v1/messages", ask());

    JsonNode explained = json(gateway.post(PATH, ask()));
    JsonNode warming =
        json(gateway.post(PATH, ask().replace("\"max_tokens\":900", "\"max_tokens\":0")));

    assertThat(explained.at("/calls/0/skipped").asText()).startsWith("cooling down for another");
    assertThat(explained.at("/calls/0/would_be").asText()).isEqualTo("a fallback");
    assertThat(explained.at("/calls/1/would_be").asText()).isEqualTo("called");
    assertThat(warming.path("answered_by").asText()).contains("max_tokens is 0");
    assertThat(warming.at("/calls/0/would_be").asText()).isEqualTo("not called");
    assertThat(upstream.completions()).hasSize(2);
  }
}
