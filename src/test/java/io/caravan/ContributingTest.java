package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The map in CONTRIBUTING.md names every package, and the scripts it names exist. */
class ContributingTest {
  private static final Path SOURCES = Path.of("src/main/java/io/caravan");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");
  private static final Pattern SCRIPT = Pattern.compile("\\b(?:bench/[\\w-]+\\.sh)\\b");

  @Test
  void namesEveryPackageAndNoOther() throws IOException {
    String map = text().split("## Where things are", -1)[1].split("\n\n", -1)[2];
    List<String> named =
        map.lines()
            .skip(2)
            .flatMap(row -> NAME.matcher(row.split("\\|", -1)[1]).results())
            .map(found -> found.group(1))
            .toList();

    assertThat(named).containsExactlyInAnyOrderElementsOf(packages());
  }

  @Test
  void namesScriptsThatExist() throws IOException {
    assertThat(SCRIPT.matcher(text()).results().map(MatchResult::group))
        .hasSizeGreaterThan(3)
        .allSatisfy(script -> assertThat(Path.of(script)).isExecutable());
  }

  private static List<String> packages() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
          .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
          .map(name -> name.isEmpty() ? "io.caravan" : name)
          .distinct()
          .toList();
    }
  }

  private static String text() throws IOException {
    return Files.readString(Path.of("CONTRIBUTING.md"));
  }
}
