package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests large images, which are assets (docs.api.nvidia.com, "nemotron-3-nano-omni infer"). */
class UploadImagesIT {
  private static final byte[] LARGE = new byte[3000];
  private static final byte[] SMALL = new byte[30];

  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway =
        Gateway.before(
            upstream,
            "caravan.nim.api-key",
            "the-key",
            "caravan.nim.assets-url",
            upstream.url() + "/assets",
            "caravan.nim.upload-images-above",
            "1000",
            "caravan.model.default",
            "nim/some/vision-model");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.forget();
    upstream.answer(request -> Script.says("ok"));
    upstream.answerElse(
        request ->
            request.method().equals("POST")
                ? Script.json(
                    200,
                    "{\"assetId\":\"asset-1\",\"uploadUrl\":\"" + upstream.url() + "/put?sig=x\"}")
                : Script.json(200, ""));
  }

  private static String ask(byte[] image) throws Exception {
    return gateway.post("/v1/messages", request(image)).body();
  }

  private static String request(byte[] image) {
    return "{\"model\":\"claude-sonnet\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":["
        + "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\""
        + Base64.getEncoder().encodeToString(image)
        + "\"}}]}]}";
  }

  @Test
  void storesALargeImageOnceAndNamesIt() throws Exception {
    byte[] image = LARGE.clone();
    image[0] = 1;
    ask(image);
    ask(image);

    List<ReceivedRequest> all = upstream.everything();
    assertThat(all)
        .extracting(ReceivedRequest::method)
        .containsExactly("POST", "PUT", "POST", "POST");
    assertThat(all.get(0).header("authorization")).isEqualTo("Bearer the-key");
    assertThat(all.get(1).body()).isEqualTo(image);
    assertThat(all.get(1).header("authorization")).isNull();
    for (ReceivedRequest completion : upstream.completions()) {
      assertThat(completion.text()).contains("\"url\":\"data:image/png;asset_id,asset-1\"");
      assertThat(completion.header("nvcf-input-asset-references")).isEqualTo("asset-1");
    }
  }

  /** From a shared asset a client could learn that somebody else has sent the image. */
  @Test
  void keepsTheAssetsOfEachKeyApart() throws Exception {
    byte[] image = LARGE.clone();
    image[0] = 3;
    try (Gateway keyed =
        Gateway.before(
            upstream,
            "caravan.nim.api-key",
            "the-key",
            "caravan.nim.assets-url",
            upstream.url() + "/assets",
            "caravan.nim.upload-images-above",
            "1000",
            "caravan.model.default",
            "nim/some/vision-model",
            "caravan.api-keys",
            "key-of-ann,key-of-bob")) {
      for (String key : List.of("key-of-ann", "key-of-bob", "key-of-ann", "key-of-bob")) {
        keyed.post("/v1/messages", request(image), "x-api-key", key);
      }
    }

    assertThat(upstream.completions()).hasSize(4);
    assertThat(upstream.everything())
        .filteredOn(request -> request.method().equals("PUT"))
        .hasSize(2);
  }

  @Test
  void leavesASmallImageWhereItIs() throws Exception {
    ask(SMALL);

    assertThat(upstream.everything()).hasSize(1);
    assertThat(upstream.completions().get(0).text()).contains("data:image/png;base64,");
  }

  @Test
  void reportsAnUploadThatFails() throws Exception {
    upstream.answerElse(request -> Script.json(403, "{\"detail\":\"no assets for you\"}"));
    byte[] image = LARGE.clone();
    image[0] = 2;

    assertThat(ask(image)).contains("\"type\":\"error\"", "no assets for you");
    assertThat(upstream.completions()).isEmpty();
  }
}
