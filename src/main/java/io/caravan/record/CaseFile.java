package io.caravan.record;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A recorded exchange, read from its case file.
 *
 * @param head the lines of the head, by name, in their order
 * @param sections the sections, in their order
 */
public record CaseFile(Map<String, List<String>> head, List<Section> sections) {
  private static final Set<String> NAMES =
      Set.of("request", "upstream-request", "upstream", "events", "error", "message");

  /**
   * A section.
   *
   * @param name the first word of its title
   * @param words the further words
   * @param body its bytes, decoded where they were escaped
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Section(String name, List<String> words, byte[] body) {
    /** Returns the body as text. */
    public String text() {
      return new String(body, UTF_8);
    }

    /** Returns the title of the section. */
    public String title() {
      return words.isEmpty() ? name : name + " " + String.join(" ", words);
    }
  }

  /** Returns the case of a recording. */
  public static CaseFile of(Recording recording) {
    return parse(CaseWriter.write(recording));
  }

  /**
   * Reads a case file.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static CaseFile parse(byte[] file) {
    Map<String, List<String>> head = new LinkedHashMap<>();
    List<Section> sections = new ArrayList<>();
    String text = new String(file, ISO_8859_1);
    String title = null;
    int begin = 0;
    int at = 0;
    while (at < text.length()) {
      int newline = text.indexOf('\n', at);
      int end = newline < 0 ? text.length() : newline;
      String line = text.substring(at, end);
      if (isTitle(line)) {
        if (title != null) {
          sections.add(section(title, text.substring(begin, Math.max(begin, at - 1))));
        }
        title = line.substring(4);
        begin = Math.min(end + 1, text.length());
      } else if (title == null) {
        head(line, head);
      }
      at = end + 1;
    }
    if (title == null || !head.containsKey("case")) {
      throw new IllegalArgumentException("this is no case: it has no head, or no sections");
    }
    String rest = text.substring(begin);
    sections.add(section(title, rest.endsWith("\n") ? rest.substring(0, rest.length() - 1) : rest));
    return new CaseFile(head, sections);
  }

  private static boolean isTitle(String line) {
    return line.startsWith("--- ") && NAMES.contains(line.substring(4).split(" ", 2)[0]);
  }

  private static void head(String line, Map<String, List<String>> head) {
    int colon = line.indexOf(": ");
    if (line.startsWith("# ") && colon > 0) {
      String value = new String(line.substring(colon + 2).getBytes(ISO_8859_1), UTF_8);
      head.computeIfAbsent(line.substring(2, colon), name -> new ArrayList<>()).add(value.strip());
    }
  }

  private static Section section(String title, String body) {
    List<String> words = Arrays.asList(title.strip().split("\\s+", -1));
    byte[] bytes = words.contains("escaped") ? unescaped(body) : body.getBytes(ISO_8859_1);
    List<String> rest = words.subList(1, words.size());
    return new Section(
        words.get(0), rest.stream().filter(word -> !word.equals("escaped")).toList(), bytes);
  }

  private static byte[] unescaped(String body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length());
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c == '\\' && i + 1 < body.length()) {
        char escape = body.charAt(++i);
        switch (escape) {
          case 'r' -> out.write('\r');
          case 'n' -> out.write('\n');
          case 't' -> out.write('\t');
          case 'x' -> {
            out.write(Integer.parseInt(body.substring(i + 1, i + 3), 16));
            i += 2;
          }
          default -> out.write(escape);
        }
      } else if (c != '\n' && c != '\r') {
        out.write(c);
      }
    }
    return out.toByteArray();
  }

  /** Returns the first value of a name in the head, or null. */
  public String value(String name) {
    List<String> values = head.get(name);
    return values == null ? null : values.get(0);
  }

  /** Returns all values of a name in the head. */
  public List<String> values(String name) {
    return head.getOrDefault(name, List.of());
  }

  /** Returns the sections of a name. */
  public List<Section> all(String name) {
    return sections.stream().filter(section -> section.name().equals(name)).toList();
  }

  /**
   * Returns the client's request.
   *
   * @throws IllegalArgumentException if there is none
   */
  public byte[] request() {
    List<Section> requests = all("request");
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("this case has no request of its own");
    }
    return requests.get(0).body();
  }
}
