package io.caravan.markup;

/** Reads a call that consists of a head with the name and a JSON object with the arguments. */
abstract class JsonCallParser extends MarkupParser {
  private final DeclaredTools tools;
  private JsonSpan arguments;

  /** The tool's name in the head. */
  protected String name;

  /** The id in the head, or null. */
  protected String id;

  JsonCallParser(DeclaredTools tools) {
    this.tools = tools;
  }

  /**
   * Reads the head.
   *
   * @return the index of the arguments (or of their replacement), {@link #MORE} or {@link #NO}
   */
  abstract int head(CharSequence text);

  /** Returns the end of a token that stands for "no arguments" at this position. */
  int noArguments(CharSequence text, int at) {
    return NO;
  }

  /** Returns the end of the call, given the end of its arguments. */
  int tail(CharSequence text, int at) {
    return at;
  }

  @Override
  final int read(CharSequence text, boolean last) {
    if (arguments == null) {
      int at = head(text);
      if (at < 0 || at == text.length()) {
        return at == NO ? NO : MORE;
      }
      if (text.charAt(at) != '{') {
        int end = noArguments(text, at);
        return end < 0 ? end : found(end, tools.call(name, id, "{}"));
      }
      arguments = new JsonSpan(at);
    }
    int end = arguments.end(text);
    if (end < 0) {
      return end;
    }
    int tail = tail(text, end);
    if (tail == MORE && !last) {
      return MORE;
    }
    String json = MarkupText.string(text, arguments.start(), end);
    return found(tail < 0 ? end : tail, tools.call(name, id, json));
  }
}
