package io.caravan.markup;

/** Finds the end of a call or a list in Python's notation in growing text. */
final class PythonSpan {
  private final int start;
  private int at;
  private int depth;
  private char quote;
  private boolean escaped;
  private boolean opened;

  PythonSpan(int start) {
    this.start = start;
    at = start;
  }

  int start() {
    return start;
  }

  /** Returns the position behind the last bracket, or {@link MarkupText#MORE}. */
  int end(CharSequence text) {
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (escaped) {
        escaped = false;
      } else if (quote != 0) {
        escaped = c == '\\';
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '(' || c == '[' || c == '{') {
        depth++;
        opened = true;
      } else if (c == ')' || c == ']' || c == '}') {
        depth--;
      }
      if (opened && depth == 0) {
        return ++at;
      }
    }
    return MarkupText.MORE;
  }
}
