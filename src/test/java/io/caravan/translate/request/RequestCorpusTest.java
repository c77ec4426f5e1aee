package io.caravan.translate.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.RequestReader;
import io.caravan.corpus.Chosen;
import io.caravan.corpus.CorpusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks each case of the corpus's group {@code request}: the upstream's request, or the client's
 * error.
 */
class RequestCorpusTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<RequestCase> cases() {
    return Chosen.of(RequestCase.all());
  }

  private static UpstreamRequest translate(RequestCase request) {
    byte[] body = request.sections().get("request").getBytes(StandardCharsets.UTF_8);
    return new RequestTranslator()
        .translate(
            new RequestReader().read(body),
            request.dialect(),
            "upstream-model",
            request.learned(),
            request.options());
  }

  @CorpusTest
  @MethodSource("cases")
  void translates(RequestCase request) throws Exception {
    assertThat(request.head()).containsKeys("case", "from");
    if (request.error() != null) {
      fails(request);
      return;
    }
    UpstreamRequest upstream = translate(request);
    JsonNode expected = JSON.readTree(request.sections().get("upstream-request"));
    JsonNode actual = JSON.readTree(upstream.body().toString());
    fill(expected, actual);
    assertThat(actual.toPrettyString()).isEqualTo(expected.toPrettyString());
    assertThat(upstream.losses().toString()).isEqualTo(request.head().getOrDefault("losses", ""));
  }

  private static void fails(RequestCase request) {
    String[] error = request.error().split(" ", -1);
    String text = request.sections().get(request.error()).strip();
    assertThatThrownBy(() -> translate(request))
        .isInstanceOfSatisfying(
            AnthropicException.class,
            e -> {
              assertThat(e.status()).isEqualTo(Integer.parseInt(error[1]));
              assertThat(e.type().code()).isEqualTo(error[2]);
            })
        .hasMessageContaining(text);
  }

  /** Replaces each {@code "*"} by the actual value. */
  private static void fill(JsonNode expected, JsonNode actual) {
    if (expected instanceof ObjectNode object && actual instanceof ObjectNode other) {
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        JsonNode there = other.get(member.getKey());
        if (member.getValue().asText().equals("*") && there != null) {
          member.setValue(there);
        } else if (there != null) {
          fill(member.getValue(), there);
        }
      }
    } else if (expected.isArray() && actual.isArray()) {
      for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
        fill(expected.get(i), actual.get(i));
      }
    }
  }
}
