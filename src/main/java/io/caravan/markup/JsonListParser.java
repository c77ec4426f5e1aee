package io.caravan.markup;

/** Reads {@code {"name":…,"arguments":{…}}}, or a list of such objects, behind an opening. */
final class JsonListParser extends MarkupParser {
  private final int opening;
  private final char first;
  private final DeclaredTools tools;
  private JsonSpan span;

  /**
   * @param first the bracket that must follow the opening
   */
  JsonListParser(Marker opening, char first, DeclaredTools tools) {
    this.opening = opening.text().length();
    this.first = first;
    this.tools = tools;
  }

  @Override
  int read(CharSequence text, boolean last) {
    if (span == null) {
      int at = MarkupText.blanks(text, opening);
      if (at == text.length()) {
        return MORE;
      }
      if (text.charAt(at) != first) {
        return NO;
      }
      span = new JsonSpan(at);
    }
    int end = span.end(text);
    return end < 0
        ? end
        : found(end, ModelJson.calls(MarkupText.string(text, span.start(), end), tools));
  }
}
