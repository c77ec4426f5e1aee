package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that the menu says what the gateway does for a model that reads text only. */
class GatewayAbilitiesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TEXT_MODEL = "nim/z-ai/glm-5.3";

  private final ScriptedUpstream upstream = ScriptedUpstream.start();
  private Gateway gateway;

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private JsonNode capabilities(String... settings) throws Exception {
    gateway = Gateway.before(upstream, settings);
    return JSON.readTree(gateway.send("GET", "/v1/models/" + TEXT_MODEL).body())
        .get("capabilities");
  }

  private static boolean supports(JsonNode capabilities, String pointer) {
    return capabilities.at(pointer + "/supported").asBoolean();
  }

  @Test
  void noneByDefault() throws Exception {
    JsonNode capabilities = capabilities();

    for (String each :
        new String[] {
          "/server_tools", "/server_tools/web_search", "/image_input", "/pdf_input",
        }) {
      assertThat(supports(capabilities, each)).as(each).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "caravan.web-search.searxng-url, http://127.0.0.1:1, /server_tools/web_search",
    "caravan.web-search.route, direct:no-content, /server_tools/web_search",
    "caravan.documents.read, true, /pdf_input",
    "caravan.vision.model, nim/see/er, /image_input",
    "caravan.vision.route, direct:no-content, /image_input"
  })
  void eachThatIsSwitchedOn(String setting, String value, String ability) throws Exception {
    JsonNode capabilities = capabilities(setting, value);

    assertThat(supports(capabilities, ability)).isTrue();
    assertThat(supports(capabilities, "/server_tools"))
        .isEqualTo(ability.startsWith("/server_tools"));
    assertThat(supports(capabilities, "/server_tools/code_execution")).isFalse();
    JsonNode listed = null;
    for (JsonNode model : JSON.readTree(gateway.send("GET", "/v1/models").body()).get("data")) {
      listed = model.get("id").asText().endsWith(TEXT_MODEL) ? model : listed;
    }
    assertThat(listed == null ? capabilities : listed.get("capabilities")).isEqualTo(capabilities);
  }
}
