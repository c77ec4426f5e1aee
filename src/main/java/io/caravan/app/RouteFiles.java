package io.caravan.app;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.stream.Stream;

/**
 * Which route files are loaded: those under {@code routes/} of the working directory, and each
 * bundled one that has no file of the same relative path there. Only known folders are looked into,
 * so that a directory Caravan is started in by chance can't slip routes in from elsewhere.
 */
public final class RouteFiles {
  private static final String ROOT = "routes";
  private static final List<String> FOLDERS = List.of("", "providers/");
  private static final String SUFFIX = ".camel.yaml";

  private final Map<String, String> locations = new TreeMap<>();

  private RouteFiles() {}

  /**
   * Looks.
   *
   * @throws IOException if a directory or the jar can't be read
   * @throws IllegalStateException if a file could have been put there by another user
   */
  public static RouteFiles under(Path directory) throws IOException {
    RouteFiles files = new RouteFiles();
    files.addBundled();
    TrustedFiles trusted = TrustedFiles.of(directory);
    checkOthers(directory, trusted);
    files.addFrom(directory.resolve(ROOT), trusted);
    return files;
  }

  /** As Camel's include pattern takes them, sorted by their path under {@code routes/}. */
  public List<String> locations() {
    return List.copyOf(locations.values());
  }

  /** What is loaded beside the routes, and the folder that they are in. */
  private static void checkOthers(Path directory, TrustedFiles trusted) throws IOException {
    Path routes = directory.resolve(ROOT);
    if (Files.exists(routes)) {
      trusted.check(routes);
    }
    Path settings = directory.resolve("application.properties");
    if (Files.exists(settings, LinkOption.NOFOLLOW_LINKS)) {
      trusted.check(settings);
    }
    Path kamelets = routes.resolve("kamelets");
    if (Files.isDirectory(kamelets)) {
      try (Stream<Path> entries = Files.list(kamelets)) {
        for (Path kamelet : (Iterable<Path>) entries::iterator) {
          trusted.check(kamelet);
        }
      }
    }
  }

  private void addFrom(Path routes, TrustedFiles trusted) throws IOException {
    for (String folder : FOLDERS) {
      Path directory = folder.isEmpty() ? routes : routes.resolve(folder);
      if (!Files.isDirectory(directory)) {
        continue;
      }
      try (Stream<Path> entries = Files.list(directory)) {
        for (Path file : (Iterable<Path>) entries::iterator) {
          String name = String.valueOf(file.getFileName());
          if (name.endsWith(SUFFIX)) {
            trusted.check(file);
            locations.put(folder + name, "file:" + file.toAbsolutePath());
          }
        }
      }
    }
  }

  private void addBundled() throws IOException {
    URL index = RouteFiles.class.getClassLoader().getResource(ROOT + "/");
    if (index == null) {
      return;
    }
    URLConnection connection = index.openConnection();
    if (connection instanceof JarURLConnection jar) {
      jar.setUseCaches(false);
      try (var file = jar.getJarFile()) {
        file.stream().map(JarEntry::getName).forEach(this::addBundled);
      }
    }
  }

  private void addBundled(String entry) {
    if (!entry.startsWith(ROOT + "/") || !entry.endsWith(SUFFIX)) {
      return;
    }
    String path = entry.substring(ROOT.length() + 1);
    int slash = path.indexOf('/') + 1;
    if (FOLDERS.contains(path.substring(0, slash)) && path.indexOf('/', slash) < 0) {
      locations.put(path, "classpath:" + entry);
    }
  }
}
