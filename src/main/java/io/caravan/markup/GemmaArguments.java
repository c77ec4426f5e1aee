package io.caravan.markup;

/**
 * Converts Gemma's notation of an object to JSON. Its keys are bare and its strings lie between
 * {@code <|"|>}.
 */
final class GemmaArguments {
  static final String QUOTE = "<|\"|>";
  static final String FUNCTION_QUOTE = "<escape>";
  private static final int MAX_DEPTH = 64;

  private final String text;
  private final String quote;
  private final StringBuilder json = new StringBuilder();
  private int at;

  /**
   * @param text the text from the opening brace to the closing one
   * @param quote the mark on both sides of a string
   */
  GemmaArguments(String text, String quote) {
    this.text = text;
    this.quote = quote;
  }

  /** Returns the JSON object, or null if the text isn't one. */
  String json() {
    return value(0) && at == text.length() ? json.toString() : null;
  }

  private boolean value(int depth) {
    skip();
    if (at == text.length() || depth > MAX_DEPTH) {
      return false;
    }
    char c = text.charAt(at);
    if (c == '{' || c == '[') {
      return members(depth, c == '{');
    }
    if (text.startsWith(quote, at)) {
      String string = string();
      return string != null && append(ModelJson.quote(string));
    }
    if (c == '"') {
      return jsonString();
    }
    String bare = bare(",}]");
    return !bare.isEmpty() && append(TypedValue.guess(bare));
  }

  private boolean members(int depth, boolean object) {
    char close = object ? '}' : ']';
    json.append(text.charAt(at++));
    for (boolean first = true; ; first = false) {
      skip();
      if (at < text.length() && text.charAt(at) == close) {
        at++;
        return append(String.valueOf(close));
      }
      if (!first && !comma()) {
        return false;
      }
      if ((object && !key()) || !value(depth + 1)) {
        return false;
      }
    }
  }

  private boolean comma() {
    if (at == text.length() || text.charAt(at) != ',') {
      return false;
    }
    at++;
    return append(",");
  }

  private boolean key() {
    skip();
    String key = text.startsWith(quote, at) ? string() : bare(":,{}[]");
    if (key == null || key.isEmpty() || at == text.length() || text.charAt(at) != ':') {
      return false;
    }
    at++;
    boolean quoted = key.length() > 1 && key.startsWith("\"") && key.endsWith("\"");
    return append(ModelJson.quote(quoted ? key.substring(1, key.length() - 1) : key) + ":");
  }

  private String string() {
    int from = at + quote.length();
    int to = text.indexOf(quote, from);
    if (to < 0) {
      return null;
    }
    at = to + quote.length();
    return text.substring(from, to);
  }

  /** Reads a string in JSON's own form, which the model uses in some turns. */
  private boolean jsonString() {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != '"') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= text.length()) {
      return false;
    }
    String string = text.substring(at, end + 1);
    at = end + 1;
    return ModelJson.isValue(string) && append(string);
  }

  private String bare(String ends) {
    int from = at;
    while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at).strip();
  }

  private void skip() {
    at = MarkupText.blanks(text, at);
  }

  private boolean append(String part) {
    json.append(part);
    return true;
  }
}
