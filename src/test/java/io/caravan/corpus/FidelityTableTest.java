package io.caravan.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.NamedTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What docs/fidelity.md says is shown by a case or a test, is. */
class FidelityTableTest {
  private static final Path CORPUS = Path.of("src/test/resources/corpus");
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| .* \\| .* \\| (.*) \\|");
  private static final Pattern CASE = Pattern.compile("`([a-z]+/[a-z0-9-]+)`");

  private static List<Matcher> rows() throws IOException {
    List<Matcher> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("docs/fidelity.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(row);
      }
    }
    return rows;
  }

  @Test
  void isNumberedThroughout() throws IOException {
    List<Matcher> rows = rows();
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).group(1)).isEqualTo(String.valueOf(i + 1));
    }
    assertThat(rows).hasSizeGreaterThan(50);
  }

  @TestFactory
  Stream<DynamicTest> namesOnlyCasesAndTestsThatExist() throws IOException {
    return rows().stream()
        .map(row -> DynamicTest.dynamicTest("row " + row.group(1), () -> exists(row.group(2))));
  }

  private static void exists(String shownBy) throws IOException {
    int named = NamedTests.assertExist(shownBy);
    for (Matcher each = CASE.matcher(shownBy); each.find(); named++) {
      assertThat(CORPUS.resolve(each.group(1) + ".case")).exists();
    }
    assertThat(named).isEqualTo(shownBy.split(", ", -1).length);
  }
}
