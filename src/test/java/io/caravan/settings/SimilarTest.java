package io.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarTest {
  private static final Set<String> KNOWN =
      Set.of(
          "caravan.port",
          "caravan.host",
          "caravan.nim.base-url",
          "caravan.max-body-size",
          "caravan.model.default",
          "caravan.retry.attempts");

  @ParameterizedTest
  @CsvSource({
    "caravan.prot, caravan.port",
    "caravan.prt, caravan.port",
    "caravan.nim.baseUrl, caravan.nim.base-url",
    "caravan.base-url, caravan.nim.base-url",
    "caravan.maxBodySize, caravan.max-body-size",
    "caravan.model, caravan.model.default",
    "caravan.server.port, caravan.port",
    "caravan.retry.attemps, caravan.retry.attempts"
  })
  void findsTheNameThatWasMeant(String mistyped, String meant) {
    assertThat(Similar.to(mistyped, KNOWN)).isEqualTo(meant);
  }

  @Test
  void findsNothingWhereNothingIsAlike() {
    assertThat(Similar.to("caravan.acme.topic", KNOWN)).isNull();
    assertThat(Similar.question("caravan.acme.topic", KNOWN)).isEmpty();
  }
}
