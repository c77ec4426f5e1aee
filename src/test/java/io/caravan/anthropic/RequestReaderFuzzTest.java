package io.caravan.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.corpus.CorpusCase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class RequestReaderFuzzTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<byte[]> requests() {
    return CorpusCase.group("request").stream()
        .map(sound -> sound.requestJson().getBytes(StandardCharsets.UTF_8));
  }

  /** A body is a request, and then JSON, or it is refused in words. */
  @MethodSource("requests")
  @FuzzTest(maxDuration = "1m")
  void readsABodyOrRefusesIt(byte[] body) throws IOException {
    try {
      assertThat(new RequestReader().read(body)).isNotNull();
      assertThat(JSON.readTree(body).isObject()).isTrue();
    } catch (AnthropicException e) {
      assertThat(e.status()).isBetween(400, 499);
      assertThat(e).hasMessageMatching("(?s).*\\S.*");
    }
  }
}
