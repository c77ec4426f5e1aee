package io.caravan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Lists the files of a working directory that Caravan loads. Each replaces the bundled file of the
 * same path, or is added to the bundled ones. Only known folders are read, so that a directory in
 * which Caravan is started by chance can't add routes from elsewhere.
 */
final class OwnFiles {
  static final String ROUTES = "routes/";
  static final String SETTINGS = "application.properties";

  private static final String ROUTE = ".camel.yaml";
  private static final String KAMELET = ".kamelet.yaml";

  /** The suffix of the files that are loaded, by folder. */
  private static final Map<String, String> FOLDERS =
      Map.of(ROUTES, ROUTE, ROUTES + "providers/", ROUTE, ROUTES + "kamelets/", KAMELET);

  private OwnFiles() {}

  /**
   * Returns the paths of the files below the directory, sorted, with slashes.
   *
   * @throws IOException if a folder can't be read
   */
  static SortedSet<String> in(Path directory) throws IOException {
    SortedSet<String> files = new TreeSet<>();
    if (Files.exists(directory.resolve(SETTINGS), LinkOption.NOFOLLOW_LINKS)) {
      files.add(SETTINGS);
    }
    for (Map.Entry<String, String> folder : FOLDERS.entrySet()) {
      for (String name : names(directory.resolve(folder.getKey()))) {
        if (name.endsWith(folder.getValue())) {
          files.add(folder.getKey() + name);
        }
      }
    }
    return files;
  }

  /**
   * Returns the paths of YAML files in the folders that are not loaded because of their names.
   *
   * @throws IOException if a folder can't be read
   */
  static SortedSet<String> passedOver(Path directory) throws IOException {
    SortedSet<String> files = new TreeSet<>();
    for (Map.Entry<String, String> folder : FOLDERS.entrySet()) {
      for (String name : names(directory.resolve(folder.getKey()))) {
        if (name.matches("(?i).*\\.ya?ml") && !name.endsWith(folder.getValue())) {
          files.add(folder.getKey() + name);
        }
      }
    }
    return files;
  }

  /** Returns whether a bundled file of a path is loaded as a route. */
  static boolean isRoute(String path) {
    return isOf(path, ROUTE);
  }

  /** Returns whether a bundled file of a path is loaded as a Kamelet. */
  static boolean isKamelet(String path) {
    return isOf(path, KAMELET);
  }

  private static boolean isOf(String path, String suffix) {
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    return path.endsWith(suffix) && suffix.equals(FOLDERS.get(folder));
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).toList();
    }
  }
}
