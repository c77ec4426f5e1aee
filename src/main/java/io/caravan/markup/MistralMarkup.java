package io.caravan.markup;

import java.util.List;

/**
 * {@code [TOOL_CALLS]NAME[ARGS]{…}}: Mistral and Devstral, once for each call, with or without
 * {@code [ARGS]} (raullenchai/Rapid-MLX#1071) and {@code [CALL_ID]}. Before v11 of the tokenizer it
 * was {@code [TOOL_CALLS] [{"name":…,"arguments":{…}}]}.
 */
final class MistralMarkup implements MarkupFamily {
  private static final String OPENING = "[TOOL_CALLS]";

  @Override
  public String name() {
    return "mistral";
  }

  @Override
  public List<Marker> markers() {
    return List.of(
        Marker.token(this, OPENING),
        Marker.stray(this, "[/TOOL_CALLS]"),
        Marker.closer(this, "</s>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return new Parser(tools);
  }

  /** Decides between the two forms by the first character. */
  private static final class Parser extends MarkupParser {
    private final DeclaredTools tools;
    private MarkupParser form;

    Parser(DeclaredTools tools) {
      this.tools = tools;
    }

    @Override
    int read(CharSequence text, boolean last) {
      if (form == null) {
        int at = MarkupText.blanks(text, OPENING.length());
        if (at == text.length()) {
          return MORE;
        }
        form =
            text.charAt(at) == '['
                ? new CallListParser(OPENING.length(), List.of(), tools)
                : new Named(at, tools);
      }
      int end = form.read(text, last);
      return end < 0 ? end : found(end, form.calls());
    }
  }

  private static final class Named extends JsonCallParser {
    private final int start;

    Named(int start, DeclaredTools tools) {
      super(tools);
      this.start = start;
    }

    @Override
    int head(CharSequence text) {
      int close = MarkupText.name(text, start);
      if (close < 0) {
        return close;
      }
      name = MarkupText.string(text, start, close);
      int next = MarkupText.blanks(text, close);
      int call = MarkupText.after(text, next, "[CALL_ID]");
      if (call > 0) {
        int end = MarkupText.name(text, call);
        if (end < 0) {
          return end;
        }
        id = MarkupText.string(text, call, end);
        next = MarkupText.blanks(text, end);
      }
      int arguments = call == MORE ? MORE : MarkupText.after(text, next, "[ARGS]");
      return arguments == NO ? next : arguments == MORE ? MORE : MarkupText.blanks(text, arguments);
    }
  }
}
