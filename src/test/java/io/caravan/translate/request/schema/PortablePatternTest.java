package io.caravan.translate.request.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortablePatternTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "^[a-z]+(?:-[a-z]+)*$",
        "a|b",
        "\\\\p",
        "^[A-Za-z0-9_.~:@+-]{1,200}$",
        "^\\.\\.?$",
        "a{2,}",
        "^[^\\]\\\\]+$"
      })
  void keepsWhatEveryEngineUnderstands(String pattern) {
    assertThat(PortablePattern.of(pattern)).isEqualTo(new PortablePattern.Portable(pattern, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {
        "^\\d{4}-\\d\\d$ ^[0-9]{4}-[0-9][0-9]$ false",
        "^\\w+$ ^[0-9A-Z_a-z]+$ false",
        "^[\\w.-]+$ ^[.0-9A-Z_a-z-]+$ false",
        "^\\W$ ^[^0-9A-Z_a-z]$ false",
        "^[^\\W]$ ^[0-9A-Z_a-z]$ false",
        "^[^\\p{Cc}\\p{Zl}\\p{Zp}]+$ ^[^\\x00-\\x08\\t\\n\\x0B-\\x0C\\r\\x0E-\\x1F\\x7F\\u0080-\\u009F\\u2028\\u2029]+$ false",
        "^(?<name>a)$ ^(?:a)$ false",
        "^a+?$ ^a+$ false",
        "a\\/b\\-c a/b-c false",
        "\\u{41}\\x42 AB false",
        "^(?!__.*__$)[a-z]+$ ^[a-z]+$ true",
        "^(?=a)*b$ ^b$ true",
        "\\bword\\b word true",
        "^[a/[]$ ^[/\\[a]$ false",
        "^[a&&b]$ ^[\\x26ab]$ false",
        "^a{$ ^a\\{$ false",
      })
  void saysTheSameInOtherWordsOrMore(String pattern, String portable, boolean widened) {
    String expected = portable.replace("\\x00-\\x08\\t\\n\\x0B-\\x0C\\r\\x0E-\\x1F", "\\x00-\\x1F");
    assertThat(PortablePattern.of(pattern))
        .isEqualTo(new PortablePattern.Portable(expected, widened));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a)\\1",
        "\\k<a>",
        "(?i)a",
        "a{2,1}",
        "[",
        "*a",
        "\\p{Nonsense}",
        "\\z",
        "[]",
        "[^]",
        "a++",
        "(?>a)",
        "[b-a]",
        "\\u{110000}",
        "^(?=a)$",
        "(",
        "a)",
        "\\"
      })
  void leavesOutWhatHasNoSuchForm(String pattern) {
    assertThat(PortablePattern.of(pattern).pattern()).isNull();
  }

  /** The pattern of Claude Code's Artifact tool. */
  @Test
  void readsThePatternOfClaudeCode() {
    String pattern =
        PortablePattern.of("^(?!__.*__$)[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\"\\\\./[\\]]{1,200}$")
            .pattern();

    assertThat(pattern).doesNotContain("\\p", "(?").startsWith("^[^").endsWith("]{1,200}$");
    assertThat("title of it").matches(pattern);
    assertThat("Übergrößen 漢字").matches(pattern);
    for (String refused :
        new String[] {"a.b", "a/b", "a\\b", "[a", "a]", "\"", "a\u2028", "a\u200B", "\t"}) {
      assertThat(refused).doesNotMatch(pattern);
    }
  }

  /** A class of all letters is widened: its 600 ranges would be tokens of each prompt. */
  @Test
  void widensLargeClasses() {
    PortablePattern.Portable portable = PortablePattern.of("^[\\p{L}\\p{N}_ .()-]+$");

    assertThat(portable.widened()).isTrue();
    assertThat(portable.pattern()).doesNotContain("\\p").hasSizeLessThan(80);
    for (String accepted : new String[] {"Name_1 (a).b-c", "Größe", "漢字"}) {
      assertThat(accepted).matches(portable.pattern());
    }
    for (String refused : new String[] {"a/b", "a,b", "{", "a\n"}) {
      assertThat(refused).doesNotMatch(portable.pattern());
    }
  }

  /** Inside a negated class a smaller set accepts more. */
  @Test
  void neverAcceptsLess() {
    assertThat("é").matches(PortablePattern.of("^[^\\p{Lu}]$").pattern());
    assertThat("a").matches(PortablePattern.of("^[^\\p{Lu}]$").pattern());
    assertThat("A").doesNotMatch(PortablePattern.of("^[^\\p{Lu}]$").pattern());
    assertThat("é").matches(PortablePattern.of("^\\P{Lu}$").pattern());
    assertThat("É").matches(PortablePattern.of("^\\p{Script=Latin}$").pattern());
    assertThat("É").matches(PortablePattern.of("^\\p{Uppercase_Letter}$").pattern());
  }
}
