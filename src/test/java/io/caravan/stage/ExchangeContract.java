package io.caravan.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the table of steps in docs/extend.md, "The exchange contract". */
final class ExchangeContract {
  private static final Pattern PROPERTY = Pattern.compile("`(Caravan\\w+)`");

  /**
   * Is a cell: the properties that it names, or its words where it names none.
   *
   * @param always what holds for every request
   * @param where what its clause with "where" says, if it has one
   */
  record Cell(List<String> always, List<String> where) {
    private static Cell of(String text) {
      return new Cell(said(text, false), said(text, true));
    }

    private static List<String> said(String text, boolean where) {
      return Arrays.stream(text.split(";", -1))
          .map(String::strip)
          .filter(clause -> !clause.isEmpty() && clause.contains(" where ") == where)
          .flatMap(Cell::properties)
          .toList();
    }

    private static Stream<String> properties(String clause) {
      List<String> names =
          PROPERTY.matcher(clause).results().map((MatchResult name) -> name.group(1)).toList();
      return names.isEmpty() ? Stream.of(clause) : names.stream();
    }

    List<String> all() {
      return Stream.concat(always.stream(), where.stream()).toList();
    }
  }

  /** Is the row of a step. */
  record Row(String step, Cell needs, Cell leaves, Cell body) {
    private static Row of(String line) {
      String[] cells = line.split("\\|", -1);
      String step = cells[1].replace("`", "").strip();
      return new Row(step, Cell.of(cells[2]), Cell.of(cells[3]), Cell.of(cells[4]));
    }

    @Override
    public String toString() {
      return step;
    }
  }

  private ExchangeContract() {}

  /** Returns the names in the table of properties. */
  static List<String> properties() {
    return lines("| `Caravan")
        .map(line -> Cell.of(line.split("\\|", -1)[1]).always().get(0))
        .toList();
  }

  /** Returns the rows of all steps, in the document's order. */
  static List<Row> steps() {
    return lines("| `").filter(line -> Character.isLowerCase(line.charAt(3))).map(Row::of).toList();
  }

  /** Returns the rows of the Kamelets. */
  static List<Row> kamelets() {
    return steps().stream().filter(row -> row.step().startsWith("caravan-")).toList();
  }

  private static Stream<String> lines(String start) {
    try {
      String document = Files.readString(Path.of("docs/extend.md"));
      String section = document.substring(document.indexOf("## The exchange contract"));
      return section
          .substring(0, section.indexOf("\n## "))
          .lines()
          .filter(line -> line.startsWith(start));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
