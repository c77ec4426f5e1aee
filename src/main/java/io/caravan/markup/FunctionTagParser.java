package io.caravan.markup;

/**
 * Reads {@code <function=NAME>} and the {@code <parameter=KEY>} tags in it, behind an optional
 * wrapper.
 */
class FunctionTagParser extends TagCallParser {
  private static final String HEAD = "<function=";

  private final int wrapper;

  /**
   * @param wrapper the length of the wrapper; blanks may follow it
   */
  FunctionTagParser(int wrapper, DeclaredTools tools) {
    super(tools, "<parameter=", "</parameter>");
    this.wrapper = wrapper;
  }

  @Override
  int head(CharSequence text) {
    int open = MarkupText.after(text, MarkupText.blanks(text, wrapper), HEAD);
    if (open < 0) {
      return open;
    }
    int close = MarkupText.name(text, open);
    if (close < 0) {
      return close;
    }
    name = MarkupText.string(text, open, close);
    return MarkupText.after(text, close, ">");
  }

  @Override
  int parameter(CharSequence text, int at) {
    int close = MarkupText.findWithin(text, at, ">", MarkupText.MAX_NAME);
    if (close < 0) {
      return close;
    }
    key = MarkupText.string(text, at, close).strip();
    return close + 1;
  }

  @Override
  String opening() {
    return HEAD;
  }

  @Override
  String closing() {
    return "</function>";
  }

  /**
   * Returns the JSON of a value. One line end on each side belongs to the tags: Qwen's template
   * writes them so.
   */
  @Override
  String value(String parameter, String text, ToolSchema schema) {
    int from = text.startsWith("\n") ? 1 : 0;
    int to = text.length() > from && text.endsWith("\n") ? text.length() - 1 : text.length();
    return TypedValue.json(text.substring(from, to), schema);
  }
}
