package io.caravan.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.jar.JarEntry;
import java.util.stream.Stream;

/**
 * The route files that are loaded: those under {@code routes/} of the working directory, and each
 * bundled one that has no file of the same relative path there.
 */
public final class RouteFiles {
  /** The paths of the jar, whose 26,000 entries are looked through once. */
  private static final FutureTask<List<String>> IN_JAR = new FutureTask<>(RouteFiles::inJar);

  /** The locations of the bundled files, or of their copies, by path. */
  private final Map<String, String> bundled = new TreeMap<>();

  /** The locations of the user's other files, by path. */
  private final Map<String, String> added = new TreeMap<>();

  /** The locations of the Kamelets, by path. */
  private final Map<String, String> kamelets = new TreeMap<>();

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
    RouteShape.check(directory, own, files.bundled.keySet());
    if (!own.isEmpty()) {
      MovedNames.bundled().check(directory, own);
    }
    own.forEach(path -> files.addOwn(path, directory.resolve(path)));
    return files;
  }

  /**
   * Returns the locations for Camel's include pattern: the bundled files and their copies by path,
   * then the added ones. A bean that is added under the name of a bundled one replaces it.
   */
  public List<String> locations() {
    return Stream.concat(bundled.values().stream(), added.values().stream()).toList();
  }

  /**
   * Returns the texts of all route files and Kamelets by path; those of the directory come first.
   *
   * @throws IOException if one can't be read
   */
  public Map<String, String> texts() throws IOException {
    Map<String, String> locations = new TreeMap<>(bundled);
    locations.putAll(added);
    locations.putAll(kamelets);
    Map<String, String> own = new LinkedHashMap<>();
    Map<String, String> others = new LinkedHashMap<>();
    for (Map.Entry<String, String> file : locations.entrySet()) {
      (isOwn(file.getValue()) ? own : others).put(file.getKey(), text(file.getValue()));
    }
    own.putAll(others);
    return own;
  }

  /**
   * Returns words about the YAML files of a directory that are not loaded because of their names;
   * empty if there are none.
   *
   * @throws IOException if a folder can't be read
   */
  public static String passedOver(Path directory) throws IOException {
    SortedSet<String> paths = OwnFiles.passedOver(directory);
    StringJoiner words = new StringJoiner("; ").setEmptyValue("");
    for (String other : List.of("application.yml", "application.yaml")) {
      if (Files.exists(directory.resolve(other))) {
        words.add("not loaded: " + other + ", as settings are read from application.properties");
      }
    }
    if (!paths.isEmpty()) {
      words.add(
          "not loaded: "
              + String.join(", ", paths)
              + "; the names of routes and providers end with .camel.yaml, and those of Kamelets,"
              + " in routes/kamelets, with .kamelet.yaml");
    }
    return words.toString();
  }

  private static boolean isOwn(String location) {
    return location.startsWith("file:");
  }

  private static String text(String location) throws IOException {
    String path = location.substring(location.indexOf(':') + 1);
    if (isOwn(location)) {
      return new String(Files.readAllBytes(Path.of(path)), StandardCharsets.UTF_8);
    }
    try (InputStream in = RouteFiles.class.getClassLoader().getResourceAsStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
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
    String location = "file:" + file.toAbsolutePath();
    if (OwnFiles.isRoute(path)) {
      (bundled.containsKey(path) ? bundled : added).put(path, location);
    } else if (OwnFiles.isKamelet(path)) {
      kamelets.put(path, location);
    }
  }

  private void addBundled() throws IOException {
    for (String path : lookIntoJar()) {
      (OwnFiles.isRoute(path) ? bundled : kamelets).put(path, "classpath:" + path);
    }
  }

  /** Returns the paths of the jar's files, once they are found. */
  static List<String> lookIntoJar() throws IOException {
    try {
      IN_JAR.run();
      return IN_JAR.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  private static List<String> inJar() throws IOException {
    URL index = RouteFiles.class.getClassLoader().getResource(OwnFiles.ROUTES);
    if (index == null || !(index.openConnection() instanceof JarURLConnection jar)) {
      return List.of();
    }
    jar.setUseCaches(false);
    try (var file = jar.getJarFile()) {
      return file.stream()
          .map(JarEntry::getName)
          .filter(path -> path.startsWith(OwnFiles.ROUTES))
          .filter(path -> OwnFiles.isRoute(path) || OwnFiles.isKamelet(path))
          .toList();
    }
  }
}
