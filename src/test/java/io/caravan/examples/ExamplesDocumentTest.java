package io.caravan.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExamplesDocumentTest {
  private static final Path EXAMPLES = Path.of("examples");

  @Test
  void theIndexHasEachExampleWithItsCommand() throws IOException {
    Set<String> listed = new TreeSet<>();
    Pattern.compile("(?m)^\\| \\[([\\w-]+)]\\(\\1\\) \\| `[^`]+`.* \\| .+ \\|$")
        .matcher(Files.readString(EXAMPLES.resolve("README.md")))
        .results()
        .forEach(row -> listed.add(row.group(1)));
    Set<String> there = new TreeSet<>();
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      files.filter(Files::isDirectory).forEach(each -> there.add(each.getFileName().toString()));
    }

    assertThat(listed).isEqualTo(there);
  }

  /** What a copy leaves out of the bundled file would be missed by who takes the copy. */
  @Test
  void aCopyOfABundledFileHasAllItsLines() throws IOException {
    int copies = 0;
    try (Stream<Path> files = Files.walk(EXAMPLES)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path bundled = EXAMPLES.relativize(file);
        bundled = bundled.subpath(Math.min(1, bundled.getNameCount() - 1), bundled.getNameCount());
        if (bundled.startsWith("routes") && Files.exists(bundled)) {
          copies++;
          assertThat(lines(file)).as(file.toString()).containsSubsequence(lines(bundled));
        }
      }
    }
    assertThat(copies).isEqualTo(4);
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(String::strip).toList();
  }
}
