package io.caravan.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds names in a user's files that have changed since the files were copied. The names are in
 * {@code moved-names.txt}. A copy that still uses an old name would fail later with an error that
 * doesn't mention it, or do nothing at all.
 */
final class MovedNames {
  private static final String LIST = "moved-names.txt";
  private static final Pattern YAML_COMMENT = Pattern.compile("(?:^|\\s)#.*");
  private static final Pattern SETTINGS_COMMENT = Pattern.compile("^\\s*[#!].*");

  private final List<Name> names;

  /** The kind of a name, with the pattern of its place in a line. */
  enum Kind {
    CLASS("(?<![\\w.])%s(?!\\w)"),
    KAMELET("(?<![\\w-])%s(?![\\w-])"),
    BEAN("(?:\\b(?:ref|name|bean):\\s*[\"']?|#bean:)%s(?![\\w.-])"),
    ROUTE("(?<![\\w:-])%s(?![\\w-])"),
    STEP("\\bid:\\s*[\"']?%s(?![\\w-])"),
    PROPERTY("(?<!\\w)%s(?!\\w)");

    private final String place;

    Kind(String place) {
      this.place = place;
    }

    Pattern of(String name) {
      return Pattern.compile(place.formatted(Pattern.quote(name)));
    }
  }

  record Name(Kind kind, String old, String now, Pattern place) {
    /** Reads a line {@code KIND OLD = NEW}. */
    static Name of(String line) {
      String[] parts = line.strip().split("\\s+", 4);
      if (parts.length < 4 || !parts[2].equals("=")) {
        throw new IllegalArgumentException(
            LIST + " has a line that is not KIND OLD = NEW: " + line);
      }
      Kind kind = Kind.valueOf(parts[0].toUpperCase(Locale.ROOT));
      return new Name(kind, parts[1], parts[3], kind.of(parts[1]));
    }

    boolean isIn(String line) {
      return line.contains(old) && place.matcher(line).find();
    }

    String description() {
      String subject = kind.name().toLowerCase(Locale.ROOT) + " " + old;
      return subject + (isGone() ? " is " : " is now ") + now;
    }

    boolean isGone() {
      return now.startsWith("gone");
    }
  }

  MovedNames(List<String> lines) {
    names =
        lines.stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Name::of)
            .toList();
  }

  /** Reads the list of this version. */
  static MovedNames bundled() throws IOException {
    try (InputStream in = MovedNames.class.getResourceAsStream(LIST)) {
      return new MovedNames(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    }
  }

  List<Name> names() {
    return names;
  }

  /**
   * Checks that no file uses an old name.
   *
   * @param paths the paths of the files below the directory
   * @throws IllegalStateException if one does; the message has the first such file with its lines
   *     and the new names, and the other files
   */
  void check(Path directory, Collection<String> paths) throws IOException {
    List<String> files = new ArrayList<>();
    String first = null;
    for (String path : paths) {
      String found = found(directory.resolve(path));
      if (!found.isEmpty()) {
        first = first == null ? path + ": " + found : first;
        files.add(path);
      }
    }
    if (first != null) {
      files.remove(0);
      throw new IllegalStateException(
          first
              + (files.isEmpty() ? "" : "; old names stand in " + String.join(", ", files) + " too")
              + ". The command diff shows how copies differ from the bundled files");
    }
  }

  private String found(Path file) throws IOException {
    Pattern comment = file.toString().endsWith(".properties") ? SETTINGS_COMMENT : YAML_COMMENT;
    Map<Name, List<String>> found = new LinkedHashMap<>();
    int number = 0;
    // Any encoding will do: the names are ASCII.
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      number++;
      String code = comment.matcher(line).replaceFirst("");
      for (Name name : names) {
        if (name.isIn(code)) {
          found.computeIfAbsent(name, any -> new ArrayList<>()).add(String.valueOf(number));
        }
      }
    }
    return found.entrySet().stream()
        .map(each -> lines(each.getValue()) + ": the " + each.getKey().description())
        .collect(Collectors.joining("; "));
  }

  private static String lines(List<String> numbers) {
    return (numbers.size() == 1 ? "line " : "lines ") + String.join(", ", numbers);
  }
}
