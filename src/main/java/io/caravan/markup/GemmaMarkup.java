package io.caravan.markup;

import java.util.List;

/**
 * {@code <|tool_call>call:NAME{KEY:<|"|>string<|"|>,OTHER:5}<tool_call|>}: Gemma 4
 * (NousResearch/hermes-agent#48412). FunctionGemma writes {@code
 * <start_function_call>call:NAME{KEY:<escape>string<escape>}<end_function_call>}.
 */
final class GemmaMarkup implements MarkupFamily {
  private static final String OPENING = "<|tool_call>";
  private static final String FUNCTION_OPENING = "<start_function_call>";

  @Override
  public String name() {
    return "gemma";
  }

  @Override
  public List<Marker> markers() {
    return List.of(
        Marker.token(this, OPENING),
        Marker.token(this, FUNCTION_OPENING),
        Marker.stray(this, "<tool_call|>"),
        Marker.stray(this, "<end_function_call>"),
        Marker.closer(this, "<|tool_response>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return new Parser(opening.text(), tools);
  }

  private static final class Parser extends MarkupParser {
    private final String opening;
    private final String quote;
    private final DeclaredTools tools;
    private String name;
    private int start;
    private int at;
    private int depth;
    private boolean string;

    Parser(String opening, DeclaredTools tools) {
      this.opening = opening;
      this.quote = opening.equals(OPENING) ? GemmaArguments.QUOTE : GemmaArguments.FUNCTION_QUOTE;
      this.tools = tools;
    }

    @Override
    int read(CharSequence text, boolean last) {
      if (name == null) {
        int result = head(text);
        if (result < 0) {
          return result;
        }
      }
      int end = end(text);
      if (end < 0) {
        return end;
      }
      String json = new GemmaArguments(MarkupText.string(text, start, end), quote).json();
      return found(end, json == null ? null : tools.call(name, null, json));
    }

    private int head(CharSequence text) {
      int call = MarkupText.after(text, MarkupText.blanks(text, opening.length()), "call:");
      int close = call < 0 ? call : MarkupText.name(text, call);
      if (close < 0) {
        return close;
      }
      int open = MarkupText.after(text, MarkupText.blanks(text, close), "{");
      if (open > 0) {
        name = MarkupText.string(text, call, close);
        start = open - 1;
        at = start;
      }
      return open;
    }

    /** Returns the end of the outermost braces. Braces inside strings don't count. */
    private int end(CharSequence text) {
      while (at < text.length()) {
        char c = text.charAt(at);
        int behind = c == '<' ? MarkupText.after(text, at, quote) : NO;
        if (behind == MORE) {
          return MORE;
        }
        if (behind > 0) {
          string = !string;
          at = behind;
          continue;
        }
        at++;
        if (!string && (c == '{' || c == '[')) {
          depth++;
        } else if (!string && (c == '}' || c == ']') && --depth == 0) {
          return at;
        }
      }
      return MORE;
    }
  }
}
