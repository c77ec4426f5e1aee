package io.caravan.markup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads calls in Python's notation, {@code [get(city="Bonn", days=3), stop()]}, and Python's
 * literals: Llama 4, LFM2, Olmo 3. JSON's own words for true, false and null count as well.
 */
final class PythonCalls {
  private static final int MAX_DEPTH = 64;

  private final String text;
  private int at;

  private PythonCalls(String text) {
    this.text = text;
  }

  /**
   * Returns the calls in a text that is one call or a list of them. The list is empty if there is
   * anything else in it, or a tool that wasn't declared.
   */
  static List<MarkupCall> read(String text, DeclaredTools tools) {
    PythonCalls reader = new PythonCalls(text.strip());
    List<MarkupCall> calls = new ArrayList<>();
    boolean list = reader.take('[');
    do {
      MarkupCall call = reader.call(tools);
      if (call == null) {
        return List.of();
      }
      calls.add(call);
    } while (list && reader.take(',') && reader.peek() != ']');
    boolean whole = (!list || reader.take(']')) && reader.atEnd();
    return whole ? calls : List.of();
  }

  /** Returns a literal of Python as JSON, or null if the text isn't one. */
  static String json(String literal) {
    PythonCalls reader = new PythonCalls(literal.strip());
    String json = reader.value(0);
    return json != null && reader.atEnd() ? json : null;
  }

  private MarkupCall call(DeclaredTools tools) {
    skip();
    int end = MarkupText.name(text, at);
    if (end < 0) {
      return null;
    }
    String name = text.substring(at, end);
    at = end;
    String arguments = arguments();
    return arguments == null ? null : tools.call(name, null, arguments);
  }

  /** Reads the arguments in parentheses, which all have a name. */
  private String arguments() {
    if (!take('(')) {
      return null;
    }
    Map<String, String> arguments = new LinkedHashMap<>();
    while (peek() != ')') {
      int end = MarkupText.name(text, at);
      if (end < 0) {
        return null;
      }
      String key = text.substring(at, end);
      at = end;
      String value = take('=') ? value(0) : null;
      if (value == null || (!take(',') && peek() != ')')) {
        return null;
      }
      arguments.put(key, value);
    }
    at++;
    return ModelJson.object(arguments);
  }

  private String value(int depth) {
    char c = peek();
    if (depth > MAX_DEPTH || c == 0) {
      return null;
    }
    if (c == '"' || c == '\'') {
      return strings(c);
    }
    if (c == '[' || c == '(') {
      return items(c == '[' ? ']' : ')', depth);
    }
    return c == '{' ? members(depth) : word();
  }

  private String items(char close, int depth) {
    List<String> items = new ArrayList<>();
    at++;
    while (peek() != close) {
      String item = value(depth + 1);
      if (item == null || (!take(',') && peek() != close)) {
        return null;
      }
      items.add(item);
    }
    at++;
    return "[" + String.join(",", items) + "]";
  }

  private String members(int depth) {
    Map<String, String> members = new LinkedHashMap<>();
    at++;
    while (peek() != '}') {
      char quote = peek();
      String key = quote == '"' || quote == '\'' ? string(quote) : null;
      String value = key != null && take(':') ? value(depth + 1) : null;
      if (value == null || (!take(',') && peek() != '}')) {
        return null;
      }
      members.put(key, value);
    }
    at++;
    return ModelJson.object(members);
  }

  private String word() {
    int from = at;
    while (at < text.length() && ",)]}:= \n\t\r".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(from, at);
    return switch (word) {
      case "True", "true" -> "true";
      case "False", "false" -> "false";
      case "None", "null" -> "null";
      default -> {
        boolean number = !word.isEmpty() && "-0123456789".indexOf(word.charAt(0)) >= 0;
        yield number && ModelJson.isValue(word) ? word : null;
      }
    };
  }

  /** Reads a string, or several that stand behind one another. */
  private String strings(char first) {
    StringBuilder all = new StringBuilder();
    for (char quote = first; quote == '"' || quote == '\''; quote = peek()) {
      String one = string(quote);
      if (one == null) {
        return null;
      }
      all.append(one);
    }
    return ModelJson.quote(all.toString());
  }

  private String string(char quote) {
    StringBuilder string = new StringBuilder();
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote) {
        at = i + 1;
        return string.toString();
      }
      if (c == '\\' && i + 1 < text.length()) {
        i = escape(i + 1, string);
        if (i < 0) {
          return null;
        }
      } else {
        string.append(c);
      }
    }
    return null;
  }

  /** Reads what follows a backslash, and returns the index of its last character, or -1. */
  private int escape(int i, StringBuilder out) {
    char c = text.charAt(i);
    int plain = "ntrbf0\\\"'/".indexOf(c);
    if (plain >= 0) {
      out.append("\n\t\r\b\f\0\\\"'/".charAt(plain));
      return i;
    }
    int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0) {
      // Python keeps the backslash of an unknown escape.
      if (c != '\n') {
        out.append('\\').append(c);
      }
      return i;
    }
    int end = i + 1 + digits;
    try {
      out.appendCodePoint(Integer.parseInt(text.substring(i + 1, end), 16));
      return end - 1;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return -1;
    }
  }

  private void skip() {
    at = MarkupText.blanks(text, at);
  }

  private boolean atEnd() {
    skip();
    return at == text.length();
  }

  /** Returns the next character that isn't blank; 0 at the end. */
  private char peek() {
    skip();
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean take(char c) {
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }
}
