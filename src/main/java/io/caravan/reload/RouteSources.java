package io.caravan.reload;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;

/**
 * The route files at one time.
 *
 * @param files the files by path ({@code routes/…}), in the order in which they are loaded
 */
record RouteSources(Map<String, Source> files) {
  private static final String ROOT = "routes/";

  /**
   * A file.
   *
   * @param location the location for Camel: a path in the file system or the class path
   * @param text all of its text
   */
  record Source(String location, String text) {
    /** Returns whether it is a file of the jar, which no file of the directory replaces. */
    boolean isBundled() {
      return location.startsWith("classpath:");
    }
  }

  /**
   * Reads the files.
   *
   * @param locations finds the locations of the files
   * @throws Exception if they can't be found or read
   */
  static RouteSources read(CamelContext context, Callable<List<String>> locations)
      throws Exception {
    Map<String, Source> files = new LinkedHashMap<>();
    for (String location : locations.call()) {
      Resource file = PluginHelper.getResourceLoader(context).resolveResource(location);
      files.put(path(location), new Source(location, text(file)));
    }
    return new RouteSources(files);
  }

  /** Returns the paths of the files that are others than in an earlier time, or gone. */
  SortedSet<String> changedSince(RouteSources before) {
    SortedSet<String> paths = new TreeSet<>(before.files.keySet());
    paths.addAll(files.keySet());
    paths.removeIf(path -> Objects.equals(before.files.get(path), files.get(path)));
    return paths;
  }

  private static String text(Resource file) throws IOException {
    try (InputStream in = file.getInputStream()) {
      if (in == null) {
        throw new FileNotFoundException(file.getLocation());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Returns the path of the file from which a route comes; empty if it comes from none. */
  static String path(Resource file) {
    return file == null ? "" : path(file.getLocation());
  }

  private static String path(String location) {
    int root = location.replace('\\', '/').lastIndexOf(ROOT);
    return root < 0 ? "" : location.substring(root).replace('\\', '/');
  }
}
