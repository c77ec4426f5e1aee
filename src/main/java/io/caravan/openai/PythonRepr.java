package io.caravan.openai;

/**
 * Converts the output of Python's {@code repr} for lists, tuples, dicts, strings, numbers, None and
 * booleans to JSON. Servers built on pydantic put it into error messages (sipeed/picoclaw#1019:
 * hosted NIM sends {@code {"error":"[{'type': 'extra_forbidden', 'loc': ('body', …)}]"}}).
 */
final class PythonRepr {
  private final String text;
  private final StringBuilder json;
  private int at;

  private PythonRepr(String text) {
    this.text = text;
    this.json = new StringBuilder(text.length() + 16);
  }

  /** Returns the JSON, or null if the text is something else. */
  static String toJson(String text) {
    PythonRepr repr = new PythonRepr(text);
    return repr.convert() ? repr.json.toString() : null;
  }

  private boolean convert() {
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean known =
          switch (c) {
            case '\'', '"' -> string(c);
            case '(' -> put('[');
            case ')', ']' -> close(']');
            case '}' -> close('}');
            case '[', '{', ',', ':', ' ', '\n' -> put(c);
            default -> word();
          };
      if (!known) {
        return false;
      }
    }
    return true;
  }

  private boolean put(char c) {
    json.append(c);
    at++;
    return true;
  }

  /** Closes a list. A tuple of one has a comma before its end, which is dropped. */
  private boolean close(char c) {
    int last = json.length() - 1;
    while (last >= 0 && json.charAt(last) == ' ') {
      last--;
    }
    if (last >= 0 && json.charAt(last) == ',') {
      json.setLength(last);
    }
    return put(c);
  }

  private boolean word() {
    int start = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    String value =
        switch (word) {
          case "None" -> "null";
          case "True" -> "true";
          case "False" -> "false";
          default -> word.matches("-?[0-9][0-9.eE+-]{0,30}") ? word : null;
        };
    if (value == null) {
      return false;
    }
    json.append(value);
    return true;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '+' || c == '_';
  }

  private boolean string(char quote) {
    json.append('"');
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == quote) {
        json.append('"');
        return true;
      }
      if (c == '\\' && at < text.length()) {
        escape(text.charAt(at++));
      } else {
        character(c);
      }
    }
    return false;
  }

  private void escape(char c) {
    switch (c) {
      case 'n', 'r', 't' -> json.append('\\').append(c);
      case 'u' -> json.append("\\u");
      case 'x' -> json.append("\\u00");
      default -> character(c);
    }
  }

  private void character(char c) {
    if (c == '"' || c == '\\') {
      json.append('\\').append(c);
    } else if (c < ' ') {
      json.append(' ');
    } else {
      json.append(c);
    }
  }
}
