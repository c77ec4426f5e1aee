package io.caravan.app;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.jar.JarEntry;

/**
 * Which route files are loaded: those under {@code routes/} of the working directory, and each
 * bundled one that has no file of the same relative path there.
 */
public final class RouteFiles {
  private final Map<String, String> locations = new TreeMap<>();

  private RouteFiles() {}

  /**
   * Looks.
   *
   * @throws IOException if a directory or the jar can't be read
   * @throws IllegalStateException if a file could have been put there by another user, or names
   *     what has another name by now
   */
  public static RouteFiles under(Path directory) throws IOException {
    RouteFiles files = new RouteFiles();
    files.addBundled();
    SortedSet<String> own = OwnFiles.in(directory);
    check(directory, own);
    MovedNames.bundled().check(directory, own);
    own.stream()
        .filter(OwnFiles::isRoute)
        .forEach(path -> files.add(path, "file:" + directory.resolve(path).toAbsolutePath()));
    return files;
  }

  /** As Camel's include pattern takes them, sorted by their path under {@code routes/}. */
  public List<String> locations() {
    return List.copyOf(locations.values());
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

  private void add(String path, String location) {
    locations.put(path, location);
  }

  private void addBundled() throws IOException {
    URL index = RouteFiles.class.getClassLoader().getResource(OwnFiles.ROUTES);
    if (index == null) {
      return;
    }
    URLConnection connection = index.openConnection();
    if (connection instanceof JarURLConnection jar) {
      jar.setUseCaches(false);
      try (var file = jar.getJarFile()) {
        file.stream()
            .map(JarEntry::getName)
            .filter(OwnFiles::isRoute)
            .forEach(path -> add(path, "classpath:" + path));
      }
    }
  }
}
