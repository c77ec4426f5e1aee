package io.caravan.markup;

import java.util.List;

/**
 * {@code <minimax:tool_call><invoke name="NAME"><parameter
 * name="KEY">value</parameter></invoke></minimax:tool_call>}: MiniMax M2. GLM 4.7 has been seen to
 * write the bare {@code <invoke>} as well (anomalyco/opencode#6883).
 */
final class MiniMaxMarkup implements MarkupFamily {
  private static final String WRAPPER = "<minimax:tool_call>";
  private static final String INVOKE = "<invoke name=\"";

  @Override
  public String name() {
    return "minimax";
  }

  @Override
  public List<Marker> markers() {
    return List.of(
        Marker.token(this, WRAPPER),
        Marker.loneTag(this, INVOKE),
        Marker.stray(this, "</minimax:tool_call>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return new Parser(opening.text().equals(WRAPPER) ? WRAPPER.length() : 0, tools);
  }

  private static final class Parser extends TagCallParser {
    private final int wrapper;

    Parser(int wrapper, DeclaredTools tools) {
      super(tools, "<parameter name=\"", "</parameter>");
      this.wrapper = wrapper;
    }

    @Override
    int head(CharSequence text) {
      int open = MarkupText.after(text, MarkupText.blanks(text, wrapper), INVOKE);
      int close = open < 0 ? open : MarkupText.name(text, open);
      if (close < 0) {
        return close;
      }
      name = MarkupText.string(text, open, close);
      return MarkupText.after(text, close, "\">");
    }

    @Override
    int parameter(CharSequence text, int at) {
      int close = MarkupText.findWithin(text, at, "\">", MarkupText.MAX_NAME);
      if (close < 0) {
        return close;
      }
      key = MarkupText.string(text, at, close);
      return close + 2;
    }

    @Override
    String opening() {
      return INVOKE;
    }

    @Override
    String closing() {
      return "</invoke>";
    }

    @Override
    String value(String parameter, String text, ToolSchema schema) {
      return TypedValue.json(text, schema);
    }
  }
}
