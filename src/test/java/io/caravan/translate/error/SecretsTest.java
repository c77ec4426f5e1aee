package io.caravan.translate.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.RawJson;
import io.caravan.openai.UpstreamError;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  private final Secrets shapes = Secrets.of(List.of());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          key nvapi-Abc123_def-456 refused | key *** refused
          Incorrect API key provided: sk-proj-abcd1234*****wxyz. | Incorrect API key provided: ***
          Incorrect API key provided: sk-abcde***************wxyz | Incorrect API key provided: ***
          sk-or-v1-0123456789abcdef | ***
          sk-0123456789abcdef0123 | ***
          gsk_0123456789abcdef | ***
          key=AIzaSyA0123456789abcdefgh&x | key=***&x
          {"Authorization": "Bearer abcdef0123456789"} | {"Authorization": "Bearer ***"}
          {'api_key': 'abcdef0123456789'} | {'api_key': '***'}
          token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0x.c2lnbmF0dXJl | token ***
          Not found for account 'Qawmu2vUw3rdcREnubcAVqe1c55nUTb1hCogKQx4BCA' | Not found for account '***'
          in organization `org_01kgg5588eftc8k70aes4864eb` on | in organization `***` on
          """)
  void whatLooksLikeAKeyIsMasked(String text, String masked) {
    assertThat(shapes.mask(text)).isEqualTo(masked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a risk-based task-force on the disk-usage of sk-learn",
        "basic english, bearer of news",
        "organization and org-mode",
        "max_tokens must be less than or equal to 65536",
        "the secret of success: work",
        "hf_ and r8_ are prefixes"
      })
  void ordinaryWordsAreLeftAlone(String text) {
    assertThat(shapes.mask(text)).isEqualTo(text);
  }

  @Property(tries = 200)
  void aKnownKeyIsMaskedWhereverItStands(
      @ForAll @AlphaChars @NumericChars @StringLength(min = 8, max = 80) String key,
      @ForAll @StringLength(max = 50) String before,
      @ForAll @StringLength(max = 50) String after) {
    assertThat(Secrets.of(List.of(key)).mask(before + key + after)).doesNotContain(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "u:", "me:", "user:", "Bearer "})
  void anEncodedKeyIsMasked(String before) {
    String key = "s3cr+t/K3y-of==ours&more";
    Secrets secrets = Secrets.of(List.of(key));
    byte[] bytes = (before + key + ":x").getBytes(StandardCharsets.UTF_8);
    List<String> encoded =
        List.of(
            Base64.getEncoder().encodeToString(bytes),
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
            URLEncoder.encode(before + key, StandardCharsets.UTF_8),
            HexFormat.of().formatHex(bytes),
            (before + key).replace("/", "\\/"));
    for (String form : encoded) {
      String masked = secrets.mask("Location: https://login.example/?next=" + form + " refused");

      assertThat(masked).contains("***").startsWith("Location").endsWith("refused");
      // At most the letters that the neighbours of the key share are left.
      assertThat(masked).hasSizeLessThan(70 + before.length() * 2);
    }
  }

  @Test
  void nullsAndShortValuesAreNoKeys() {
    Secrets secrets = Secrets.of(Arrays.asList(null, "", "key"));

    assertThat(secrets.mask("the key")).isEqualTo("the key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Canary-Key-0123456789",
        "CANARY-KEY-0123456789",
        "canary-key-0",
        "y-key-01234567",
        "canary-key-01234…",
        "canary-k****3456789"
      })
  void aKnownKeyIsMaskedInAnyCaseAndInPart(String quoted) {
    Secrets secrets = Secrets.of(List.of("canary-key-0123456789"));

    assertThat(secrets.mask("refused: " + quoted + "."))
        .startsWith("refused: ***")
        .doesNotContainIgnoringCase("canary")
        .doesNotContain("3456789");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abcd1234", "abcd12345ef"})
  void aKeyShorterThanAPieceIsMaskedInsideAWord(String key) {
    Secrets secrets = Secrets.of(List.of(key));

    assertThat(secrets.mask("Key_" + key + "-refused")).isEqualTo("Key_***-refused");
    assertThat(secrets.mask(key + "x")).isEqualTo("***x");
  }

  @Test
  void aShortKeyIsMaskedAsAWord() {
    Secrets secrets = Secrets.of(List.of("pw42"));

    assertThat(secrets.mask("key 'pw42' and PW42, not spw42s"))
        .isEqualTo("key '***' and ***, not spw42s");
  }

  @Test
  void everyTextOfAnErrorIsMasked() {
    Secrets secrets = Secrets.of(List.of("canary-key-0123456789"));
    String key = "canary-key-0123456789";

    assertThat(secrets.mask(new UpstreamError(401, key, key, "no " + key, key)))
        .isEqualTo(new UpstreamError(401, "***", "***", "no ***", "***"));
    assertThat(secrets.mask(RawJson.of("{\"key\":\"" + key + "\"}")))
        .hasToString("{\"key\":\"***\"}");
  }

  @Test
  void keysThatAreReloadedAreKnownAtOnce() {
    List<String> keys = new ArrayList<>();
    Secrets secrets = new Secrets(() -> keys);
    keys.add("canary-canary");

    assertThat(secrets.mask("a canary-canary sings")).isEqualTo("a *** sings");
  }
}
