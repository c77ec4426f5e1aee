package io.caravan.app;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.stream.Stream;

/**
 * The route files that are loaded: those under {@code routes/} of the working directory, and each
 * bundled one that has no file of the same relative path there.
 */
public final class RouteFiles {
  /** The paths of the jar, whose 27,000 entries are looked through once. */
  private static final List<String> IN_JAR = new ArrayList<>();

  /** The locations of the bundled files, or of their copies, by path. */
  private final Map<String, String> bundled = new TreeMap<>();

  /** The locations of the user's other files, by path. */
  private final Map<String, String> added = new TreeMap<>();

  private RouteFiles() {}

  /**
   * Finds the files for a working directory.
   *
   * @throws IOException if a directory or the jar can't be read
   * @throws IllegalStateException if another user may have written a file, or a file uses an old
   *     name
   */
  public static RouteFiles under(Path directory) throws IOException {
    RouteFiles files = new RouteFiles();
    files.addBundled();
    SortedSet<String> own = OwnFiles.in(directory);
    check(directory, own);
    MovedNames.bundled().check(directory, own);
    own.stream()
        .filter(OwnFiles::isRoute)
        .forEach(path -> files.addOwn(path, directory.resolve(path)));
    return files;
  }

  /**
   * Returns the locations for Camel's include pattern: the bundled files and their copies by path,
   * then the added ones. A bean that is added under the name of a bundled one replaces it.
   */
  public List<String> locations() {
    return Stream.concat(bundled.values().stream(), added.values().stream()).toList();
  }

  private static void check(Path directory, SortedSet<String> own) throws IOException {
    TrustedFiles trusted = TrustedFiles.of(directory);
    Path routes = directory.resolve(OwnFiles.ROUTES);
    if (Files.exists(routes)) {
      trusted.check(routes);
    }
    for (String path : own) {
      trusted.check(directory.resolve(path));
    }
  }

  private void addOwn(String path, Path file) {
    (bundled.containsKey(path) ? bundled : added).put(path, "file:" + file.toAbsolutePath());
  }

  private void addBundled() throws IOException {
    synchronized (IN_JAR) {
      if (IN_JAR.isEmpty()) {
        IN_JAR.addAll(inJar());
      }
      IN_JAR.forEach(path -> bundled.put(path, "classpath:" + path));
    }
  }

  private static List<String> inJar() throws IOException {
    URL index = RouteFiles.class.getClassLoader().getResource(OwnFiles.ROUTES);
    if (index == null || !(index.openConnection() instanceof JarURLConnection jar)) {
      return List.of();
    }
    jar.setUseCaches(false);
    try (var file = jar.getJarFile()) {
      return file.stream().map(JarEntry::getName).filter(OwnFiles::isRoute).toList();
    }
  }
}
