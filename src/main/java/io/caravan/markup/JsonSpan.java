package io.caravan.markup;

/** Finds the end of a JSON object or array in growing text, by its brackets and strings. */
final class JsonSpan {
  private final int start;
  private int at;
  private int depth;
  private boolean string;
  private boolean escaped;
  private int end = MarkupText.MORE;

  JsonSpan(int start) {
    this.start = start;
    at = start;
  }

  int start() {
    return start;
  }

  /**
   * Returns the position behind the value, {@link MarkupText#MORE}, or {@link MarkupText#NO} if
   * none begins.
   */
  int end(CharSequence text) {
    for (; end == MarkupText.MORE && at < text.length(); at++) {
      char c = text.charAt(at);
      if (escaped) {
        escaped = false;
      } else if (string) {
        escaped = c == '\\';
        string = c != '"';
      } else if (c == '"') {
        string = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      }
      if (depth == 0) {
        end = at == start ? MarkupText.NO : at + 1;
      }
    }
    return end;
  }
}
