package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the rule that a Javadoc begins with a sentence or a noun phrase, and not with a relative
 * clause such as "What counts." or "Whether it is complete."
 */
class JavadocStyleTest {
  private static final Path SOURCES = Path.of("src/main/java/io/caravan");

  /** The share of Javadocs in tests and programs that may break the rule, in percent. */
  private static final int MOST = 3;

  private static final Pattern JAVADOC =
      Pattern.compile("(?m)^\\s*/\\*\\*[\\s*]*([^\\s*/]\\S*).*$");

  private static final Pattern RELATIVE =
      Pattern.compile("(?:What|Who|Whom|Whose|Where|How|Which|When|Whether)\\b.*");

  /** The first line of a Javadoc. */
  private record Opening(String file, String text) {
    boolean isRelative() {
      return RELATIVE.matcher(text).matches();
    }
  }

  /** Returns the packages of the library, with the packages in them, and the other source roots. */
  private static List<Path> folders() throws IOException {
    List<Path> folders = new ArrayList<>();
    try (Stream<Path> packages = Files.list(SOURCES)) {
      packages.filter(Files::isDirectory).sorted().forEach(folders::add);
    }
    folders.add(Path.of("src/test/java"));
    folders.add(Path.of("src/bench/java"));
    return folders;
  }

  @ParameterizedTest
  @MethodSource("folders")
  void beginsWithASentence(Path folder) throws IOException {
    List<Opening> openings = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        openings.addAll(openings(file.toString(), Files.readString(file)));
      }
    }

    assertThat(openings).isNotEmpty();
    assertThat(openings.stream().filter(Opening::isRelative))
        .as("Javadocs of %s that begin with a relative clause", folder)
        .hasSizeLessThanOrEqualTo(folder.startsWith(SOURCES) ? 0 : openings.size() * MOST / 100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/** What counts. */",
        "  /** Whether it is\n   * complete. */",
        "/**\n * Where the limits are kept.\n */",
        "/**\n * Whose clock it goes by.\n *\n * @param clock the clock\n */"
      })
  void findsARelativeClause(String javadoc) {
    assertThat(openings("A.java", javadoc)).hasSize(1).allMatch(Opening::isRelative);
  }

  @Test
  void countsSentencesAndNoTags() {
    String source =
        """
        /** Returns whether it is complete. */
        /** {@code ● NAME}: a bullet. */
        /**
         * @param whole whether it is whole
         */
        String glob = "/**"; // What a Javadoc isn't.
        """;

    assertThat(openings("A.java", source)).hasSize(2).noneMatch(Opening::isRelative);
  }

  /** Returns the openings of the Javadocs that begin with text. */
  private static List<Opening> openings(String file, String source) {
    List<Opening> openings = new ArrayList<>();
    Matcher javadoc = JAVADOC.matcher(source);
    while (javadoc.find()) {
      if (!javadoc.group(1).startsWith("@")) {
        openings.add(new Opening(file, source.substring(javadoc.start(1), javadoc.end())));
      }
    }
    return openings;
  }
}
