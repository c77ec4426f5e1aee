package io.caravan.markup;

import java.util.List;

/**
 * MiniMax M3: {@code <tool_call><invoke name="NAME"><KEY>value</KEY></invoke></tool_call>} with
 * {@code ]<]minimax[>[} before each tag; it is sometimes missing before the opening {@code
 * <tool_call>} (MiniMax-AI/MiniMax-M3#31).
 */
final class MiniMaxM3Markup implements MarkupFamily {
  static final String SPACE = "]<]minimax[>[";
  private static final String INVOKE = SPACE + "<invoke name=\"";
  private static final String INVOKE_END = SPACE + "</invoke>";

  @Override
  public String name() {
    return "minimax-m3";
  }

  @Override
  public List<Marker> markers() {
    return List.of(
        Marker.token(this, SPACE + "<tool_call>"),
        Marker.token(this, INVOKE),
        Marker.tag(this, "<tool_call>"),
        Marker.stray(this, SPACE),
        Marker.stray(this, SPACE + "</tool_call>"),
        Marker.closer(this, "</tool_call>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return new Parser(opening.text().equals(INVOKE) ? 0 : opening.text().length(), tools);
  }

  private static final class Parser extends MarkupParser {
    private final int wrapper;
    private final DeclaredTools tools;
    private String name;
    private int body;
    private int searched;

    Parser(int wrapper, DeclaredTools tools) {
      this.wrapper = wrapper;
      this.tools = tools;
    }

    @Override
    int read(CharSequence text, boolean last) {
      if (name == null) {
        int result = head(text);
        if (result < 0) {
          return result;
        }
        body = result;
        searched = result;
      }
      // A value can't hold this token, so the first closing tag is the right one.
      int end = MarkupText.find(text, searched, INVOKE_END);
      if (end < 0) {
        searched = Math.max(body, text.length() - INVOKE_END.length() + 1);
        return MORE;
      }
      String json =
          new MiniMaxM3Arguments(MarkupText.string(text, body, end)).json(tools.schema(name));
      MarkupCall call = json == null ? null : tools.call(name, null, json);
      return found(end + INVOKE_END.length(), call);
    }

    private int head(CharSequence text) {
      int open = MarkupText.after(text, MarkupText.blanks(text, wrapper), INVOKE);
      int close = open < 0 ? open : MarkupText.name(text, open);
      if (close < 0) {
        return close;
      }
      int behind = MarkupText.after(text, close, "\">");
      if (behind > 0) {
        name = MarkupText.string(text, open, close);
      }
      return behind;
    }
  }
}
