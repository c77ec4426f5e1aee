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

  /** Whoever reads it puts it together again, by eye or by one line of a script. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Canary-K\ney-0123\n456789a-\nbcdefghi",
        "Cana ry-K ey-0 1234 5678 9a-b cdef ghi",
        "C.a.n.a.r.y.-.K.e.y.-.0.1.2.3.4.5.6.7.8.9.a.-.b.c.d.e.f.g.h.i",
        "Canary-\" + \"Key-012345\" + \"6789a-bcdefghi",
        "['Canary', 'Key', '0123456789a', 'bcdefghi']",
        "C\u200banary-Key\u200b-012345\u200b6789a-bcdefghi",
        "%43anary-%4Bey-0123456789%61-bcdefghi",
        "%43%61%6e%61%72%79%2d%4b%65%79%2d%30%31%32%33%34%35%36%37%38%39%61%2d%62%63",
        "%2543anary%252DKey%252D01%2532%25334%25356789a-bcdefghi",
        "Canary\\u002dKey\\u002d\\u0030123\\u0034567\\u00389a-bcdefghi",
        "Canary\\\\u002DKey\\\\u002D\\\\u0030123\\\\u0034567\\\\u00389a-bcdefghi",
        "Canary\\x2dKey\\x2d\\x30123\\x34567\\x389a-bcdefghi",
        "Canary&#45;Key&#45;&#48;123&#52;567&#56;9a-bcdefghi",
        "Canary&#x2d;Key&#x2D;&#x30;123&#x34;567&#x38;9a-bcdefghi",
        "43:61:6e:61:72:79:2d:4b:65:79:2d:30:31:32:33:34:35:36:37:38:39:61:2d:62:63",
        "Q2FuYXJ5LUt\nleS0wMTIzNDU\n2Nzg5YS1iY2R\nlZmdoaQ==",
        "Canary-Key\\n-0123456789a\\n-bcdefghi"
      })
  void aKeyThatIsSpelledOutIsMasked(String quoted) {
    Secrets secrets = Secrets.of(List.of("Canary-Key-0123456789a-bcdefghi"));

    String masked = secrets.mask("The key " + quoted + " is refused.");

    assertThat(masked).startsWith("The key ").endsWith(" is refused.").contains("***");
    assertThat(masked).hasSizeLessThan(45);
    assertThat(secrets.maskKnown("The key " + quoted)).contains("***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The canary is a key: 0 1 2 3 4 5 6 7 8 9",
        "no key required",
        "100% of \\u and & of &#; and %zz and \\",
        "%",
        "\\",
        "&#",
        "\\x4"
      })
  void textWithoutAKeyStaysAsItIs(String text) {
    Secrets secrets = Secrets.of(List.of("Canary-Key-0123456789a-bcdefghi", "sk-no-key-required"));

    assertThat(secrets.mask(text)).isEqualTo(text);
  }

  @Test
  void maskedJsonIsJson() {
    Secrets secrets = Secrets.of(List.of("Canary-Key-0123456789a-bcdefghi"));

    assertThat(secrets.mask(RawJson.of("{\"a\":\"\\nCanary\\u002dKey-0123456789a-bcdefghi\"}")))
        .hasToString("{\"a\":\"\\n***\"}");
    assertThat(secrets.mask(RawJson.of("[\"Canary-Key\",\"-0123456789a\",\"-bcdefghi\"]")))
        .hasToString("[\"***\"]");
    assertThat(secrets.mask(RawJson.of("{\"Canary-Key\":{\"-0123456789a\":\"-bcdefghi\"}}")))
        .hasToString("\"***\"");
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
