package io.caravan.translate.response;

/**
 * Repairs arguments that a model has written with a fault that can mean only one thing: a comma
 * behind the last member, Python's way of writing a dictionary, a code fence around the object, or
 * a missing last brace. It never ends a string or a number, since more of it may be missing, and a
 * shell would run half a command. All other text is copied, so a part that has gone out stays the
 * beginning of the result.
 */
final class ArgumentsRepair {
  private static final int MAX_NESTING = 200;
  private static final String FENCE = "```";

  private final String text;
  private final StringBuilder out;
  private int at;
  private int depth;

  /** Thrown if the text has another fault; without a stack, since it only ends the attempt. */
  private static final class Unclear extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unclear() {
      super(null, null, false, false);
    }
  }

  private ArgumentsRepair(String text) {
    this.text = text;
    this.out = new StringBuilder(text.length() + 16);
  }

  /** Returns the arguments as a JSON object; null if their fault can't be repaired. */
  static String of(String arguments) {
    ArgumentsRepair repair = new ArgumentsRepair(withoutFence(arguments));
    try {
      repair.object();
      repair.space();
      return repair.at == repair.text.length() ? repair.out.toString().strip() : null;
    } catch (Unclear e) {
      return null;
    }
  }

  private static String withoutFence(String arguments) {
    String text = arguments.strip();
    if (!text.startsWith(FENCE)) {
      return text;
    }
    int start = FENCE.length();
    while (start < text.length() && Character.isLetterOrDigit(text.charAt(start))) {
      start++;
    }
    boolean closed = text.length() >= start + FENCE.length() && text.endsWith(FENCE);
    return text.substring(start, text.length() - (closed ? FENCE.length() : 0)).strip();
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void expect(char c) {
    if (peek() != c || at >= text.length()) {
      throw new Unclear();
    }
    out.append(c);
    at++;
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      out.append(text.charAt(at++));
    }
  }

  private void object() {
    expect('{');
    depth++;
    space();
    while (peek() != '}') {
      if (peek() != '"' && peek() != '\'') {
        throw new Unclear();
      }
      string();
      space();
      expect(':');
      space();
      boolean number = value();
      int end = out.length();
      space();
      if (at == text.length() && depth == 1 && !number) {
        // Only the last brace is missing, and the value before it is complete.
        out.setLength(end);
        out.append('}');
        return;
      }
      if (!separated('}')) {
        break;
      }
    }
    expect('}');
    depth--;
  }

  private void list() {
    expect('[');
    depth++;
    space();
    while (peek() != ']') {
      value();
      space();
      if (!separated(']')) {
        break;
      }
    }
    expect(']');
    depth--;
  }

  /** Reads a comma, and drops it before the end. Returns whether there was one. */
  private boolean separated(char end) {
    if (peek() != ',') {
      return false;
    }
    int comma = out.length();
    expect(',');
    space();
    if (peek() == end) {
      out.deleteCharAt(comma);
    }
    return true;
  }

  /** Reads a value and returns whether it is a number, whose end can't be known. */
  private boolean value() {
    if (depth > MAX_NESTING) {
      throw new Unclear();
    }
    switch (peek()) {
      case '{' -> object();
      case '[' -> list();
      case '"', '\'' -> string();
      default -> {
        return word();
      }
    }
    return false;
  }

  private boolean word() {
    int start = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    switch (word) {
      case "true", "True" -> out.append("true");
      case "false", "False" -> out.append("false");
      case "null", "None" -> out.append("null");
      default -> {
        if (!word.matches("-?(?:0|[1-9]\\d{0,200})(?:\\.\\d{1,200})?(?:[eE][+-]?\\d{1,3})?")) {
          throw new Unclear();
        }
        out.append(word);
        return true;
      }
    }
    return false;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '+' || c == '_';
  }

  /** Reads a string, in either kind of quotes. */
  private void string() {
    char quote = text.charAt(at++);
    out.append('"');
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == quote) {
        out.append('"');
        return;
      }
      if (c == '\\') {
        escape(quote);
      } else if (c == '"') {
        out.append("\\\"");
      } else if (c < ' ') {
        control(c);
      } else {
        out.append(c);
      }
    }
    throw new Unclear();
  }

  private void control(char c) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> throw new Unclear();
    }
  }

  private void escape(char quote) {
    if (at >= text.length()) {
      throw new Unclear();
    }
    char c = text.charAt(at++);
    switch (c) {
      case '"', '\\', 'b', 'f', 'n', 'r', 't' -> out.append('\\').append(c);
      case '\'' -> out.append(c);
      case '/' -> out.append(quote == '"' ? "\\/" : "\\\\/");
      case 'u' -> hex("\\u", 4);
      default -> {
        if (quote == '\'' && "xUNav01234567\n".indexOf(c) >= 0) {
          pythonEscape(c);
        } else {
          // The backslash is meant, as in a regular expression.
          out.append("\\\\");
          at--;
        }
      }
    }
  }

  private void pythonEscape(char c) {
    if (c != 'x') {
      throw new Unclear();
    }
    hex("\\u00", 2);
  }

  private void hex(String head, int digits) {
    if (at + digits > text.length()) {
      throw new Unclear();
    }
    for (int i = at; i < at + digits; i++) {
      if (text.charAt(i) > 127 || Character.digit(text.charAt(i), 16) < 0) {
        throw new Unclear();
      }
    }
    out.append(head).append(text, at, at + digits);
    at += digits;
  }
}
