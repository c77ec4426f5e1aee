package io.caravan.markup;

import java.util.List;

/**
 * {@code <tool_call>NAME<arg_key>KEY</arg_key><arg_value>value</arg_value></tool_call>}: GLM 4.5 to
 * 5. A call without arguments is the bare name (osaurus-ai/vmlx-swift#228). GLM 5.2 sometimes
 * writes a stray {@code </arg_value>} behind it (fw-ai-external/python-sdk#119).
 */
final class GlmMarkup implements MarkupFamily {
  private static final String OPENING = "<tool_call>";
  private static final String VALUE = "<arg_value>";
  private static final String VALUE_CLOSE = "</arg_value>";

  @Override
  public String name() {
    return "glm";
  }

  @Override
  public List<Marker> markers() {
    return List.of(Marker.tag(this, OPENING));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return new Parser(tools);
  }

  private static final class Parser extends TagCallParser {
    Parser(DeclaredTools tools) {
      super(tools, "<arg_key>", VALUE_CLOSE);
    }

    @Override
    int head(CharSequence text) {
      int from = MarkupText.blanks(text, OPENING.length());
      int to = MarkupText.name(text, from);
      if (to < 0) {
        return from == text.length() ? MORE : to;
      }
      int tag = MarkupText.after(text, MarkupText.blanks(text, to), "<");
      if (tag < 0) {
        return tag;
      }
      name = MarkupText.string(text, from, to);
      int stray = MarkupText.after(text, tag - 1, VALUE_CLOSE);
      return stray == NO ? to : stray;
    }

    @Override
    int parameter(CharSequence text, int at) {
      int close = MarkupText.findWithin(text, at, "</arg_key>", MarkupText.MAX_NAME);
      if (close < 0) {
        return close;
      }
      int behind = close + "</arg_key>".length();
      int value = MarkupText.after(text, MarkupText.blanks(text, behind), VALUE);
      if (value > 0) {
        key = MarkupText.string(text, at, close).strip();
      }
      return value;
    }

    @Override
    String opening() {
      return OPENING;
    }

    @Override
    String closing() {
      return "</tool_call>";
    }

    @Override
    String value(String parameter, String text, ToolSchema schema) {
      return TypedValue.json(text, schema);
    }
  }
}
