package io.caravan.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.http.UpstreamHttp;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the windows of Ollama's models, which its list of models does not name. */
class OllamaWindowsIT {
  private final ScriptedUpstream upstream = ScriptedUpstream.start();
  private final UpstreamHttp http = new UpstreamHttp();
  private final UpstreamModels models = new UpstreamModels();
  private final Provider provider = new Provider();

  @BeforeEach
  void start() {
    models.setHttp(http);
    provider.setName("ollama");
    provider.setBaseUrl(upstream.url());
    provider.setShowPath("../api/show");
    provider.setLoadedPath("../api/ps");
    upstream.answerElse(OllamaWindowsIT::ollama);
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    upstream.close();
  }

  private static Script ollama(ReceivedRequest request) {
    return switch (request.path()) {
      case "/v1/models" ->
          Script.json(
              200,
              "{\"data\":[{\"id\":\"loaded:8b\"},{\"id\":\"set:8b\"},{\"id\":\"made:8b\"},{\"id\":\"mute:8b\"}]}");
      case "/api/ps" ->
          Script.json(
              200,
              "{\"models\":[{\"name\":\"loaded:8b\",\"model\":\"loaded:8b\",\"context_length\":4096}]}");
      case "/api/show" -> show(request.text());
      default -> Script.json(404, "{}");
    };
  }

  private static Script show(String body) {
    if (body.contains("mute")) {
      return Script.json(500, "{}");
    }
    String parameters =
        body.contains("set:") ? "temperature 1\\nnum_ctx                 16384" : "";
    return Script.json(
        200,
        "{\"parameters\":\""
            + parameters
            + "\",\"capabilities\":[\"completion\",\"tools\""
            + (body.contains("made") ? ",\"vision\"" : "")
            + "],\"model_info\":{\"general.architecture\":\"llama\",\"llama.context_length\":131072}}");
  }

  private ModelCard card(String model) {
    return models.add("ollama", model, null);
  }

  @Test
  void takesTheWindowOfALoadedModelThenTheOneSetThenTheLargest() {
    assertThat(models.listing(provider).failure()).isNull();

    assertThat(card("loaded:8b").getContextWindow()).isEqualTo(4096);
    assertThat(card("set:8b").getContextWindow()).isEqualTo(16_384);
    assertThat(card("made:8b").getContextWindow()).isEqualTo(131_072);
    assertThat(card("mute:8b").getContextWindow()).isNull();
    assertThat(card("made:8b").getVision()).isTrue();
    assertThat(card("set:8b").getVision()).isFalse();
  }

  @Test
  void asksForOneModelAloneWhereARequestWaits() {
    models.listing(provider);
    upstream.forget();

    models.renew(provider, "set:8b");

    assertThat(upstream.everything())
        .filteredOn(request -> request.path().equals("/api/show"))
        .extracting(ReceivedRequest::text)
        .isEqualTo(List.of("{\"model\":\"set:8b\"}"));
    assertThat(card("made:8b").getContextWindow()).isEqualTo(131_072);
  }

  @Test
  void takesTheNextKeyForAListThatTheFirstIsRefused() {
    provider.setApiKey("refused,good");
    upstream.answerElse(
        request ->
            request.header("authorization").equals("Bearer good")
                ? ollama(request)
                : Script.json(401, "{}"));

    assertThat(models.listing(provider).models()).hasSize(4);
    provider.setApiKey("refused,too");
    assertThat(models.listing(provider).failure()).isEqualTo("HTTP 401");
  }
}
