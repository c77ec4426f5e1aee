package io.caravan.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of the corpus, {@code GROUP/NAME.case}. */
public final class CorpusFiles {
  private static final String ENDING = ".case";

  /** A packed suite names the folder of its own. */
  private static final Path ROOT =
      Path.of(System.getProperty("caravan.corpus", "src/test/resources/corpus"));

  private CorpusFiles() {}

  /** Returns the groups, by name. */
  public static List<String> groups() {
    return in(ROOT, Files::isDirectory).map(group -> group.getFileName().toString()).toList();
  }

  /** Returns a group's files, by name. */
  public static List<Path> of(String group) {
    return in(ROOT.resolve(group), file -> file.toString().endsWith(ENDING)).toList();
  }

  /** Returns the file of a case, which need not exist. */
  public static Path file(String group, String name) {
    return ROOT.resolve(group).resolve(name + ENDING);
  }

  /** Returns the name of a case: its file's without the ending. */
  public static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - ENDING.length());
  }

  /** Returns {@code GROUP/NAME} of a case. */
  static String id(Path file) {
    return file.getParent().getFileName() + "/" + name(file);
  }

  private static Stream<Path> in(Path folder, Predicate<Path> filter) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(filter).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
