package io.caravan.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.exchange.PauseReason;
import io.caravan.limits.client.ClientRefused;
import io.caravan.limits.upstream.AdmissionRefused;
import io.caravan.translate.error.TransportFailure;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Tests that the page has plain words for each reason that a record may have. */
class PlainWordsTest {
  @Test
  void eachReasonHasItsWords() throws Exception {
    Class<?> kinds = Class.forName("io.caravan.translate.error.FailureKind");

    assertAll("", kinds.getEnumConstants());
    assertAll("", TransportFailure.values());
    assertAll("", PauseReason.values());
    assertAll("provider_limit_", AdmissionRefused.Reason.values());
    assertAll("key_", ClientRefused.Reason.values());
  }

  private static void assertAll(String prefix, Object[] reasons) {
    String script = new String(Assets.get("console.js"), StandardCharsets.UTF_8);
    assertThat(reasons).isNotEmpty();
    for (Object reason : reasons) {
      String word = prefix + ((Enum<?>) reason).name().toLowerCase(Locale.ROOT);
      assertThat(script).as(word).containsPattern("\\n  " + word + ": ['\"]");
    }
  }
}
