package io.caravan.markup;

import java.util.List;

/**
 * {@code
 * <|tool_calls_section_begin|><|tool_call_begin|>functions.NAME:0<|tool_call_argument_begin|>
 * {…}<|tool_call_end|><|tool_calls_section_end|>}: Kimi K2, with and without the section, in the
 * content and in the reasoning (MoonshotAI/Kimi-K2#89, vybestack/llxprt-code#749).
 *
 * <p>The id stays unchanged: the model's template expects it back in this form.
 */
final class KimiMarkup implements MarkupFamily {
  private static final String CALL = "<|tool_call_begin|>";
  private static final String ARGUMENTS = "<|tool_call_argument_begin|>";
  private static final String CALL_END = "<|tool_call_end|>";

  @Override
  public String name() {
    return "kimi";
  }

  @Override
  public List<Marker> markers() {
    return List.of(
        Marker.token(this, "<|tool_calls_section_begin|>"),
        Marker.token(this, "<|tool_call_section_begin|>"),
        Marker.token(this, CALL),
        Marker.stray(this, CALL_END),
        Marker.stray(this, "<|tool_calls_section_end|>"),
        Marker.stray(this, "<|tool_call_section_end|>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    int section = opening.text().equals(CALL) ? 0 : opening.text().length();
    return new JsonCallParser(tools) {
      @Override
      int head(CharSequence text) {
        int open = MarkupText.after(text, MarkupText.blanks(text, section), CALL);
        if (open < 0) {
          return open;
        }
        int from = MarkupText.blanks(text, open);
        int to = MarkupText.name(text, from);
        if (to < 0) {
          return from == text.length() ? MORE : to;
        }
        id = MarkupText.string(text, from, to);
        name = functionOf(id);
        int arguments = MarkupText.after(text, MarkupText.blanks(text, to), ARGUMENTS);
        return arguments < 0 ? arguments : MarkupText.blanks(text, arguments);
      }

      @Override
      int noArguments(CharSequence text, int at) {
        return MarkupText.after(text, at, CALL_END);
      }
    };
  }

  /** Returns the function's name in {@code functions.NAME:0}. */
  private static String functionOf(String id) {
    int colon = id.lastIndexOf(':');
    String name = colon > 0 ? id.substring(0, colon) : id;
    return name.startsWith("functions.") ? name.substring("functions.".length()) : name;
  }
}
