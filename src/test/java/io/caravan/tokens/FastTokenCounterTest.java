package io.caravan.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.json.Surrogates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FastTokenCounterTest {
  private static final FastVocabulary FAST = FastVocabulary.load();

  private static void assertSame(String text) {
    assertThat(FAST.count(text)).as(text).isEqualTo(Counters.reference(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "  ",
        "a",
        " a",
        "  a",
        "\n",
        " \n ",
        " \n a",
        "\r\n\r\n  x",
        "a\t\tb",
        "\t=",
        " =\n\n=",
        "1234567",
        " 1234",
        "don't DON'T we'Ll 're 'VE 'ſ it'ſ 'x ''s",
        "'",
        "'l",
        "'\n",
        "naïve Zoë 日本語テキスト привет مرحبا",
        "🙂🙂👨‍👩‍👧‍👦 e\u0301",
        "\u00A0\u00A0x\u2003\u2028y\u0085z",
        "\u001C\u001F",
        "<|endoftext|>",
        "                                                                 x"
      })
  void countsAsJtokkitDoes(String text) {
    assertSame(text);
  }

  @Test
  void countsEachCharacterAsJtokkitDoes() {
    StringBuilder text = new StringBuilder();
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
        text.append(' ').appendCodePoint(codePoint).append('b');
      }
      if (text.length() > 2_000) {
        assertSame(text.toString());
        text.setLength(0);
      }
    }
    assertSame(text.toString());
  }

  @Test
  void countsSourceFilesAsJtokkitDoes() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> found = Files.walk(Path.of("src"))) {
      found.filter(Files::isRegularFile).forEach(files::add);
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      assertSame(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    }
  }

  @Property(tries = 1_000)
  void countsAnyStringAsJtokkitDoes(@ForAll String text) {
    assertSame(Surrogates.repair(text));
  }

  @Property(tries = 1_000)
  void countsAnyMixOfWordsAndSpacesAsJtokkitDoes(@ForAll("mixes") String text) {
    assertSame(text);
  }

  @Property(tries = 300)
  void countsPiecesAroundTheLimitOfTheHeapAsJtokkitDoes(
      @ForAll @IntRange(min = 2, max = 1_100) int length,
      @ForAll("alphabets") String alphabet,
      @ForAll Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    assertSame(text.toString());
  }

  @Test
  void givesARequestTheNumberOfTheOtherCounter() {
    FastTokenCounter fast = new FastTokenCounter();
    JtokkitTokenCounter jtokkit = new JtokkitTokenCounter();
    fast.warmUp();
    for (int i = 0; i < 3; i++) {
      MessagesRequest request = WarmUp.request(i);
      assertThat(fast.count(request, "")).isEqualTo(jtokkit.count(request, ""));
    }
  }

  @Provide
  Arbitrary<String> mixes() {
    Arbitrary<String> parts =
        Arbitraries.of(
            "the",
            "The",
            "isn",
            "'t",
            "'S",
            "'ll",
            "'Re",
            "'",
            "ſ",
            "42",
            "1234",
            "٣",
            "Ⅷ",
            "½",
            " ",
            "  ",
            "\t",
            "\n",
            "\r\n",
            "\r",
            "\u00A0",
            "\u3000",
            "\u2028",
            "\u0085",
            "\u000B",
            "=",
            "==",
            "();",
            "{\"",
            "\":",
            "—",
            "…",
            "\u0301",
            "\u200D",
            "é",
            "Ж",
            "日本",
            "한국",
            "🙂",
            "𝒳",
            "𠀋",
            "𝟘",
            "\uFFFD",
            "\u0000",
            "<|endoftext|>",
            "    return",
            "ǅ",
            "ʰ");
    return parts.list().ofMaxSize(40).map(list -> String.join("", list));
  }

  @Provide
  Arbitrary<String> alphabets() {
    return Arbitraries.of(
        "a", "ab", "abcdefghijklmnopqrstuvwxyz", "=-", " ", "\n ", "日本語", "éè", "ACGT");
  }
}
