package io.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorBody;
import io.caravan.anthropic.ErrorType;
import io.caravan.json.Json;
import io.caravan.json.RawJson;
import java.io.IOException;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RouteJsonTest {
  private final ObjectMapper mapper = RouteJson.mapper();

  /** A client can't tell whether a route has answered, or a page of the server. */
  @Property
  void writesAnErrorsBodyAsThePagesWithoutARouteDo(@ForAll String message) throws IOException {
    AnthropicException error = new AnthropicException(ErrorType.API, message);

    assertThat(mapper.writeValueAsBytes(ErrorBody.of(error, "req_1")))
        .isEqualTo(ErrorBody.write(error, "req_1"));
  }

  @Test
  void writesTextOutsideTheBasicPlaneAndControlCharactersAsTheStreamsDo() throws IOException {
    assertThat(mapper.writeValueAsString(Map.of("text", "\u001b[1m \ud83d\ude00")))
        .isEqualTo("{\"text\":\"\\u001b[1m \ud83d\ude00\"}");
  }

  @Test
  void copiesJsonAsItCame() throws IOException {
    RawJson details = RawJson.of("{ \"code\" : \"\\u0041\", \"of\": [1.0e0]}");

    assertThat(mapper.writeValueAsString(Map.of("details", details)))
        .isEqualTo("{\"details\":" + details + "}");
  }

  @Test
  void readsNoDeeperThanAClientsRequest() {
    String deep = "[".repeat(Json.MAX_NESTING + 1) + "]".repeat(Json.MAX_NESTING + 1);

    assertThatThrownBy(() -> mapper.readTree(deep)).isInstanceOf(StreamConstraintsException.class);
  }
}
