package io.caravan.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Looks whether a user's route file can be one at all. Camel says little of a file without entries,
 * and nothing of one that is no list: it passes it over.
 */
final class RouteShape {
  private static final Pattern BESIDE = Pattern.compile("\\s*(#.*)?|---.*|%.*");

  /** The first words of what is a list, or a resource of Kubernetes with one in it. */
  private static final Pattern LIST =
      Pattern.compile("\\s*(-(\\s.*)?|[\\[{].*|(apiVersion|kind|metadata|spec):.*)");

  /** A bean's name with its type in the next line. */
  private static final Pattern BEAN =
      Pattern.compile("(?m)^\\s*- name:\\s*[\"']?([^\\s\"'#]+)[\"']?\\s*\\R\\s*type:");

  private RouteShape() {}

  /**
   * Checks the paths below a directory, and the text of those that are route files.
   *
   * @param bundled the paths of the bundled route files; empty where they are not known
   * @throws IllegalStateException if one is no file or has no list of entries; the message names it
   * @throws IOException if one can't be read
   */
  static void check(Path directory, Set<String> paths, Set<String> bundled) throws IOException {
    Map<String, String> beans = new HashMap<>();
    for (String path : paths) {
      if (Files.isDirectory(directory.resolve(path))) {
        throw new IllegalStateException(path + " is a directory, and must be a file");
      }
      if (OwnFiles.isRoute(path)) {
        byte[] content = Files.readAllBytes(directory.resolve(path));
        check(path, content);
        // A bean of another file may replace one of a copy, as it would that of the bundled file.
        if (!bundled.isEmpty() && !bundled.contains(path)) {
          addBeans(path, content, beans);
        }
      }
    }
  }

  /** One of two beans with the same name would do nothing, and which one is by chance. */
  private static void addBeans(String path, byte[] content, Map<String, String> beans) {
    BEAN.matcher(new String(content, StandardCharsets.UTF_8))
        .results()
        .forEach(
            bean -> {
              String other = beans.put(bean.group(1), path);
              if (other != null) {
                throw new IllegalStateException(
                    path
                        + (other.equals(path)
                            ? ": two beans have"
                            : " and " + other + ": both have")
                        + (other.equals(path) ? " the name " : " a bean with the name ")
                        + bean.group(1)
                        + ", of which one would do nothing");
              }
            });
  }

  static void check(String path, byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8).replaceFirst("^\uFEFF", "");
    if (text.indexOf('\0') >= 0) {
      throw new IllegalStateException(path + " is no text, and a route file is YAML");
    }
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!BESIDE.matcher(line).matches()) {
        if (!LIST.matcher(line).matches()) {
          throw new IllegalStateException(
              path
                  + ", line "
                  + (i + 1)
                  + ": a route file is a list, whose entries begin with a hyphen, as - route: or -"
                  + " beans:");
        }
        return;
      }
    }
    throw new IllegalStateException(path + " has nothing in it: write it, or delete it");
  }
}
