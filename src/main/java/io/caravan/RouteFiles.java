package io.caravan;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.stream.Stream;

/**
 * Which route files are loaded: those under {@code routes/} of the working directory, and each bundled one that has no
 * file of the same relative path there. Only known folders are looked into, so that a directory Caravan is started in by
 * chance can't slip routes in from elsewhere.
 */
final class RouteFiles {
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
  static RouteFiles under(Path directory) throws IOException {
    RouteFiles files = new RouteFiles();
    files.addBundled();
    files.addFrom(directory.resolve(ROOT));
    return files;
  }

  /** As Camel's include pattern takes them, sorted by their path under {@code routes/}. */
  List<String> locations() {
    return List.copyOf(locations.values());
  }

  private void addFrom(Path routes) throws IOException {
    for (String folder : FOLDERS) {
      Path directory = folder.isEmpty() ? routes : routes.resolve(folder);
      if (!Files.isDirectory(directory)) {
        continue;
      }
      try (Stream<Path> entries = Files.list(directory)) {
        for (Path file : (Iterable<Path>) entries::iterator) {
          String name = String.valueOf(file.getFileName());
          if (name.endsWith(SUFFIX)) {
            checkOwner(file);
            locations.put(folder + name, "file:" + file.toAbsolutePath());
          }
        }
      }
    }
  }

  private static void checkOwner(Path file) throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IllegalStateException(
          "route file " + file + " can be written by everyone (chmod o-w it, or remove it)");
    }
    String owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
    String user = System.getProperty("user.name");
    if (!owner.equals(user) && !owner.equals("root") && !user.equals("root")) {
      throw new IllegalStateException(
          "route file " + file + " belongs to " + owner + ", not to " + user + " who starts Caravan");
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
