package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What documents name is there: files, headings, commands of the jar, programs of bench/. */
class DocumentsTest {
  private static final Pattern LINK =
      Pattern.compile("]\\((?!https?:)([^)\\s#]*)(?:#([^)\\s]+))?\\)");
  private static final Pattern COMMAND = Pattern.compile("caravan\\.jar ([a-z][a-z-]+)");
  private static final Pattern BENCH = Pattern.compile("(bench/[a-z/-]+\\.sh)((?: --[a-z-]+)*)");

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String folder : List.of("", "docs", "examples")) {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
      }
    }
    return documents;
  }

  private static Stream<MatchResult> found(Pattern pattern, Path file) {
    return pattern.matcher(read(file)).results();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadToFilesAndHeadings(Path document) {
    found(LINK, document)
        .forEach(
            link -> {
              Path file =
                  link.group(1).isEmpty()
                      ? document
                      : document.resolveSibling(link.group(1)).normalize();
              assertThat(file).as(link.group()).exists();
              if (link.group(2) != null) {
                assertThat(headings(file)).as(link.group()).contains(link.group(2));
              }
            });
  }

  /** Returns the anchors of a document's headings, as GitHub makes them. */
  private static Set<String> headings(Path file) {
    return found(Pattern.compile("(?m)^#+ (.+)$"), file)
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void theJarHasTheCommands(Path document) {
    Path source = Path.of("src/main/java/io/caravan/app/CommandLine.java");
    Set<String> commands =
        found(Pattern.compile("COMMANDS\\.put\\(\"([a-z-]+)\""), source)
            .map(command -> command.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(commands).contains("doctor", "code");
    assertThat(found(COMMAND, document).map(command -> command.group(1))).isSubsetOf(commands);
  }

  @Test
  void theProgramsOfBenchHaveTheOptions() throws IOException {
    StringBuilder known = new StringBuilder();
    for (String folder : List.of("bench", "src/bench/java")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files
            .filter(file -> file.toString().matches(".*\\.(sh|py|mjs|java)"))
            .forEach(file -> known.append(read(file)));
      }
    }
    for (Path document : documents()) {
      for (MatchResult program : found(BENCH, document).toList()) {
        assertThat(Path.of(program.group(1))).as(document.toString()).isExecutable();
        assertThat(known)
            .as(document + ": " + program.group())
            .contains(program.group(2).strip().split(" ", -1));
      }
    }
  }
}
