package io.caravan.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamCheckTest {
  private static final Set<String> SERVED =
      Set.of("z-ai/glm-5.3", "z-ai/glm-6", "qwen3.5:latest", "deepseek-ai/deepseek-v4");

  @ParameterizedTest
  @ValueSource(strings = {"z-ai/glm-5.3", "qwen3.5", "z-ai/glm-6:free", "auto", "z-ai/glm-6[1m]"})
  void findsAModelInTheList(String model) {
    assertThat(UpstreamCheck.unlisted(model, SERVED)).isNull();
  }

  @Test
  void namesTheModelThatWasMeant() {
    assertThat(UpstreamCheck.unlisted("z-ai/glm5.3", SERVED))
        .isEqualTo("did you mean z-ai/glm-5.3?");
    assertThat(UpstreamCheck.unlisted("z-ai/glm-77-air-fp8", SERVED)).contains("z-ai/glm-6");
    assertThat(UpstreamCheck.unlisted("acme/other", SERVED)).contains("4 are listed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"canary\"|has quotation marks around it",
        "“canary”|has quotation marks around it",
        "Bearer canary|begins with the word Bearer",
        "$NIM_API_KEY|is the name of a variable that nothing has replaced",
        "${NIM_API_KEY}|is the name of a variable that nothing has replaced",
        "%NIM_API_KEY%|is the name of a variable that nothing has replaced",
        "{{env:NIM_API_KEY}}|is the name of a variable that nothing has replaced",
        "NIM_API_KEY=canary|begins with the name of a variable",
        "export NIM_API_KEY=canary|begins with the name of a variable",
        "can ary|has a blank, a line's end or another character in it that no key has"
      })
  void saysWhatIsWrongWithTheFormOfAKeyAndNotTheKey(String key, String words) {
    assertThat(UpstreamCheck.ofText(key)).isEqualTo(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nvapi-8sDk2mA1xxQ", "sk-or-v1-a_b=c", "YWJj==", "p$ssw%rd", "any"})
  void hasNothingAgainstAKey(String key) {
    assertThat(UpstreamCheck.ofText(key)).isNull();
  }

  /** A server with one model answers to any name, or refuses the others itself. */
  @Test
  void takesTheOnlyModelForEveryName() {
    assertThat(UpstreamCheck.unlisted("any", Set.of("/models/glm.gguf"))).isNull();
    assertThat(UpstreamCheck.unlisted("any", Set.of())).isNull();
  }
}
