package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.settings.KnownSettings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;

/**
 * Each fenced block of each document is run, or says why not. YAML, Java, properties, JSON and XML
 * are read here and in {@link SnippetsIT}; any other block has a mark in the line above it:
 *
 * <ul>
 *   <li>{@code <!-- ci:NAME -->}: a script of {@code .ci/} runs the block as it stands
 *   <li>{@code <!-- test:CLASS -->}: that test reads it
 *   <li>{@code <!-- in:SCRIPT -->}: that script, which {@code .ci/} runs, has its commands
 *   <li>{@code <!-- not run: REASON -->}
 * </ul>
 *
 * A block with the text of a marked one needs no mark of its own.
 */
class SnippetsTest {
  private static final Set<String> READ = Set.of("yaml", "java", "properties", "json", "xml");
  private static final Pattern COMMAND =
      Pattern.compile("bench/[\\w/-]+\\.sh|camel (?:run|export)|dependency:copy");
  private static final Pattern DOCUMENTED =
      Pattern.compile("(?:documented|gives|starts) (\\S+\\.md) ([\\w-]+)");

  @TempDir Path directory;

  static Stream<Snippet> marked() throws IOException {
    return Snippet.all().stream().filter(each -> !READ.contains(each.language()));
  }

  static Stream<Snippet> properties() throws IOException {
    return of("properties");
  }

  private static Stream<Snippet> of(String language) throws IOException {
    return Snippet.all().stream().filter(each -> each.language().equals(language));
  }

  private static String scripts() throws IOException {
    StringBuilder scripts = new StringBuilder();
    try (Stream<Path> files = Files.list(Path.of(".ci"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        scripts.append(Files.readString(file));
      }
    }
    return scripts.toString();
  }

  /** The document and the name of each block that a script runs. */
  private static Set<String> run() throws IOException {
    return DOCUMENTED
        .matcher(scripts())
        .results()
        .map(named -> named.group(1) + " " + named.group(2))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("marked")
  void isRunOrSaysWhyNot(Snippet snippet) throws IOException {
    switch (snippet.mark()) {
      case "ci" -> assertThat(run()).contains(snippet.document() + " " + snippet.named());
      case "test" -> assertThat(sourceOf(snippet.named())).contains(snippet.document().toString());
      case "in" -> hasTheCommands(Path.of(snippet.named()), snippet);
      case "not run" -> assertThat(snippet.named().split(" ")).hasSizeGreaterThan(3);
      default ->
          assertThat(Snippet.all())
              .as("a block that neither is run nor says why not")
              .anyMatch(each -> !each.mark().isEmpty() && each.text().equals(snippet.text()));
    }
  }

  private static String sourceOf(String test) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      Path source = files.filter(file -> file.endsWith(test + ".java")).findFirst().orElseThrow();
      return Files.readString(source);
    }
  }

  private static void hasTheCommands(Path script, Snippet snippet) throws IOException {
    List<String> commands =
        COMMAND.matcher(snippet.text()).results().map(MatchResult::group).toList();
    assertThat(commands).isNotEmpty();
    assertThat(script.startsWith(".ci") || scripts().contains(script.toString())).isTrue();
    assertThat(Files.readString(script).replace("\"", "")).contains(commands);
  }

  @Test
  void eachBlockThatAScriptNamesIsThere() throws IOException {
    List<Snippet> all = Snippet.all();
    assertThat(run()).hasSizeGreaterThan(20);
    assertThat(
            all.stream()
                .filter(snippet -> snippet.mark().equals("ci"))
                .map(snippet -> snippet.document() + " " + snippet.named()))
        .doesNotHaveDuplicates()
        .containsAll(run());
  }

  @ParameterizedTest
  @MethodSource("properties")
  void settingsAreKnown(Snippet snippet) throws IOException {
    Files.writeString(directory.resolve(KnownSettings.FILE), snippet.text());
    // As the runnable jar has them in it.
    String bundled = Files.readString(Path.of(KnownSettings.FILE));

    KnownSettings.in(directory, List.of(bundled)).check();
  }

  @Test
  void dataCanBeParsed() throws Exception {
    for (Snippet json : of("json").toList()) {
      assertThat(new ObjectMapper().readTree(json.text())).as(json.toString()).isNotNull();
    }
    for (Snippet xml : of("xml").toList()) {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(xml.text())));
    }
  }

  @Test
  void aBlockIsReadWithItsMark() {
    List<Snippet> read =
        Snippet.of(
            Path.of("a.md"),
            """
            <!-- ci:one -->
            ```sh
            run
            ```

            ```
            shown
            ```
            <!-- not run: it needs a cluster -->
            ~~~sh
            kubectl
            ~~~
            """);

    assertThat(read)
        .extracting(Snippet::mark, Snippet::named, Snippet::language, Snippet::text)
        .containsExactly(
            tuple("ci", "one", "sh", "run\n"),
            tuple("", "", "", "shown\n"),
            tuple("not run", "it needs a cluster", "sh", "kubectl\n"));
  }
}
