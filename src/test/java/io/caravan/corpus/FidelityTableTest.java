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
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that every case and test named in docs/fidelity.md exists. */
class FidelityTableTest {
  private static final Path CORPUS = Path.of("src/test/resources/corpus");
  private static final Pattern ROW =
      Pattern.compile("\\| ([UC]?)(\\d+) \\| .* \\| .* \\| (.*) \\|");
  private static final Pattern CASE = Pattern.compile("`([a-z]+/[a-z0-9-]+)`");
  private static final Pattern SCRIPT = Pattern.compile("`(bench/[a-z/-]+\\.sh)`");

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

  /** Counts the rows of the tables, so that none is lost to a typing error. */
  @ParameterizedTest
  @CsvSource({"'',50", "U,50", "C,35"})
  void isNumberedThroughout(String table, int atLeast) throws IOException {
    List<String> numbers =
        rows().stream().filter(row -> row.group(1).equals(table)).map(row -> row.group(2)).toList();
    for (int i = 0; i < numbers.size(); i++) {
      assertThat(numbers.get(i)).isEqualTo(String.valueOf(i + 1));
    }
    assertThat(numbers).hasSizeGreaterThan(atLeast);
  }

  @TestFactory
  Stream<DynamicTest> namesOnlyCasesAndTestsThatExist() throws IOException {
    return rows().stream()
        .map(
            row ->
                DynamicTest.dynamicTest(row.group(1) + row.group(2), () -> exists(row.group(3))));
  }

  private static void exists(String shownBy) throws IOException {
    int named = NamedTests.assertExist(shownBy);
    for (Matcher each = CASE.matcher(shownBy); each.find(); named++) {
      assertThat(CORPUS.resolve(each.group(1) + ".case")).exists();
    }
    for (Matcher each = SCRIPT.matcher(shownBy); each.find(); named++) {
      assertThat(Path.of(each.group(1))).exists();
    }
    assertThat(named).isEqualTo(shownBy.split(", ", -1).length);
  }
}
