package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.models.UpstreamModels;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests servers of one's own: llama.cpp, Ollama and LM Studio, and their restarts. */
class RestartedServersIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LONG = "word ".repeat(5000);
  private static final List<String> OWN = List.of("llamacpp", "lmstudio", "ollama", "vllm");

  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway = Gateway.before(upstream, "caravan.model.default", "llamacpp/m");
    for (String name : OWN) {
      provider(name).setBaseUrl(upstream.url());
    }
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.forget();
    upstream.answer(request -> Script.says("fits"));
    gateway.context().getRegistry().findSingleByType(LearnedQuirks.class).forget(learned -> true);
  }

  private static Provider provider(String name) {
    return gateway.context().getRegistry().lookupByNameAndType(name, Provider.class);
  }

  /** Has the upstream list one model with a window, as llama.cpp does, and the gateway read it. */
  private static void lists(int window) {
    serves(window);
    gateway.context().getRegistry().findSingleByType(UpstreamModels.class).refresh();
  }

  private static void serves(int window) {
    upstream.answerElse(
        request ->
            Script.json(
                200,
                "{\"data\":[{\"id\":\"/models/qwen3.gguf\",\"meta\":{\"n_ctx\":"
                    + window
                    + "}}]}"));
  }

  private static String ask(String model, String text) {
    return "{\"model\":\"%s\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(model, text);
  }

  private static String said(String model, String text) throws Exception {
    return gateway.post("/v1/messages", ask(model, text)).body();
  }

  private static List<ReceivedRequest> listRequests() {
    return upstream.everything().stream()
        .filter(request -> request.path().endsWith("/models"))
        .toList();
  }

  @Test
  void theOnlyModelOfAListStandsForEveryName() throws Exception {
    lists(4096);

    JsonNode model = JSON.readTree(gateway.send("GET", "/v1/models/llamacpp%2Fm").body());

    assertThat(model.get("max_input_tokens").asInt()).isEqualTo(4096);
    assertThat(model.get("display_name").asText()).isEqualTo("llamacpp/m");
    assertThat(said("llamacpp/other", LONG)).contains("prompt is too long: ");
    assertThat(upstream.completions()).isEmpty();
  }

  @Test
  void noneOfSeveralModelsStandsForAnother() throws Exception {
    upstream.answerElse(
        request ->
            Script.json(
                200,
                "{\"data\":[{\"id\":\"a\",\"max_model_len\":4096},{\"id\":\"b\",\"max_model_len\":4096}]}"));
    gateway.context().getRegistry().findSingleByType(UpstreamModels.class).refresh();

    assertThat(said("llamacpp/m", LONG)).contains("fits");
  }

  @Test
  void aListedWindowIsReadAgainBeforeAPromptIsRefused() throws Exception {
    lists(4096);
    assertThat(said("llamacpp/m", LONG)).contains("prompt is too long: ");

    serves(32_768);

    await().until(() -> said("llamacpp/m", LONG).contains("fits"));
    assertThat(upstream.completions()).hasSize(1);
  }

  @Test
  void aListThatCannotBeReadRefusesNothing() throws Exception {
    lists(4096);
    upstream.answerElse(request -> Script.json(503, "{}"));

    await().until(() -> said("llamacpp/m", LONG).contains("fits"));
  }

  @Test
  void aWindowThatWasLearnedIsTriedAgain() throws Exception {
    upstream.answerElse(request -> Script.json(404, "{}"));
    upstream.answer(
        request ->
            Script.json(
                400,
                "{\"error\":{\"message\":\"This model's maximum context length is 4096 tokens. However,"
                    + " your prompt contains 5009 tokens.\"}}"));
    assertThat(said("vllm/m", LONG)).contains("prompt is too long: ");
    assertThat(said("vllm/m", LONG)).contains("prompt is too long: ");
    assertThat(upstream.completions()).hasSize(1);

    upstream.answer(request -> Script.says("fits"));

    await().until(() -> said("vllm/m", LONG).contains("fits"));
    assertThat(upstream.completions()).hasSize(2);
  }

  @Test
  void manyAtOnceReadOneList() throws Exception {
    lists(4096);
    CompletableFuture<Void> listed = new CompletableFuture<>();
    upstream.forget();
    upstream.answerElse(
        request ->
            Script.after(
                listed,
                Script.json(200, "{\"data\":[{\"id\":\"m\",\"meta\":{\"n_ctx\":32768}}]}")));

    List<CompletableFuture<String>> all =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            String body = said("llamacpp/m", LONG);
                            while (!body.contains("fits")) {
                              body = said("llamacpp/m", LONG);
                            }
                            return body;
                          } catch (Exception e) {
                            throw new IllegalStateException(e);
                          }
                        }))
            .limit(8)
            .toList();
    await().until(() -> !listRequests().isEmpty());
    listed.complete(null);

    assertThat(all).allSatisfy(one -> assertThat(one.join()).contains("fits"));
    assertThat(listRequests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llamacpp", "lmstudio", "ollama"})
  void aServerThatDoesNotNameTheStopSequenceIsNotSentIt(String name) throws Exception {
    upstream.answer(request -> Script.says("alpha beta gamma STOPHERE delta"));
    String body =
        ask(name + "/m", "Hi")
            .replace("\"messages\"", "\"stop_sequences\":[\"delta\",\"gam\"],\"messages\"");

    for (boolean stream : new boolean[] {false, true}) {
      String said =
          gateway
              .post(
                  "/v1/messages",
                  body.replace("\"messages\"", "\"stream\":" + stream + ",\"messages\""))
              .body();
      assertThat(said)
          .contains("\"stop_reason\":\"stop_sequence\"", "\"stop_sequence\":\"gam\"", "beta ")
          .doesNotContain("gamma", "STOPHERE");
    }
    assertThat(upstream.completions())
        .hasSize(2)
        .noneMatch(
            request -> new String(request.body(), StandardCharsets.UTF_8).contains("\"stop\""));
  }
}
