package io.caravan.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Adds the file and the line to a fault of Camel's that names only a word of them. */
final class FaultPlaces {
  /** The faults, with the word in group 1, the form of its line, and what to say of it. */
  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "Duplicate route ids detected: ([\\w-]+)",
              "^[\\s-]*id:\\s*[\"']?%s[\"']?\\s*$",
              "two routes have the id %s: give yours another one"),
          new Kind(
              "No bean could be found in the registry for: (\\S+).*",
              "(?<![\\w-])%s(?![\\w-])",
              "there is no bean %s"),
          new Kind(
              "Property with key \\[([^\\]]+)] not found.*",
              "\\{\\{[?!]?%s(?![\\w.-])",
              "nothing sets %s"),
          new Kind(
              "Property with key \\[env:([A-Z0-9_]+)] using function.*",
              "\\{\\{[?!]?env:%s(?!\\w)",
              "the variable %s is not set; set it, or put a colon and a default behind its name"),
          new Kind(
              "No endpoint could be found for: ([\\w+-]+):.*",
              "(?<![\\w-])%s:",
              "there is no component %s"));

  private record Kind(Pattern fault, String line, String words) {
    Kind(String fault, String line, String words) {
      this(Pattern.compile("(?s).*" + fault + ".*"), line, words);
    }
  }

  private FaultPlaces() {}

  /** Returns the fault with its places in the texts, by path; the fault itself if it has none. */
  static String add(String fault, Map<String, String> texts) {
    for (Kind kind : KINDS) {
      Matcher found = kind.fault().matcher(fault);
      if (found.matches()) {
        String word = found.group(1);
        Pattern line = Pattern.compile(kind.line().formatted(Pattern.quote(word)));
        String places = String.join(" and ", places(line, texts));
        return places.isEmpty() ? fault : places + ": " + kind.words().formatted(word);
      }
    }
    return fault;
  }

  private static List<String> places(Pattern line, Map<String, String> texts) {
    List<String> places = new ArrayList<>();
    texts.forEach(
        (path, text) -> {
          List<String> lines = text.lines().toList();
          for (int i = 0; i < lines.size() && places.size() < 3; i++) {
            if (line.matcher(lines.get(i)).find()) {
              places.add(path + ", line " + (i + 1));
            }
          }
        });
    return places;
  }
}
