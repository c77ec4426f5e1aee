package io.caravan.markup;

import java.util.List;

/**
 * {@code
 * <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>NAME<｜tool▁sep｜>{…}<｜tool▁call▁end｜><｜tool▁calls▁end｜>}:
 * DeepSeek V3.1. V3 and R1 write {@code function<｜tool▁sep｜>NAME} and the arguments in a fence
 * (vllm-project/vllm#23454).
 */
final class DeepSeekMarkup implements MarkupFamily {
  private static final String CALL = "<｜tool▁call▁begin｜>";
  private static final String CALL_END = "<｜tool▁call▁end｜>";
  private static final String SEPARATOR = "<｜tool▁sep｜>";
  private static final String FENCE = "```";

  @Override
  public String name() {
    return "deepseek";
  }

  @Override
  public List<Marker> markers() {
    return List.of(
        Marker.token(this, "<｜tool▁calls▁begin｜>"),
        Marker.token(this, CALL),
        Marker.stray(this, CALL_END),
        Marker.stray(this, "<｜tool▁calls▁end｜>"),
        Marker.stray(this, "<｜end▁of▁sentence｜>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return new Parser(opening.text().equals(CALL) ? 0 : opening.text().length(), tools);
  }

  private static final class Parser extends JsonCallParser {
    private final int section;
    private boolean fenced;

    Parser(int section, DeclaredTools tools) {
      super(tools);
      this.section = section;
    }

    @Override
    int head(CharSequence text) {
      int open = MarkupText.after(text, MarkupText.blanks(text, section), CALL);
      int close = open < 0 ? open : MarkupText.name(text, open);
      if (close < 0) {
        return close;
      }
      name = MarkupText.string(text, open, close);
      int behind = MarkupText.after(text, close, SEPARATOR);
      if (behind < 0 || !name.equals("function")) {
        return behind < 0 ? behind : MarkupText.blanks(text, behind);
      }
      int end = MarkupText.name(text, behind);
      if (end < 0) {
        return end;
      }
      name = MarkupText.string(text, behind, end);
      return fence(text, MarkupText.blanks(text, end));
    }

    private int fence(CharSequence text, int at) {
      int open = MarkupText.after(text, at, FENCE);
      if (open < 0) {
        return open == MORE ? MORE : at;
      }
      int language = MarkupText.after(text, open, "json");
      if (language == MORE) {
        return MORE;
      }
      fenced = true;
      return MarkupText.blanks(text, language == NO ? open : language);
    }

    @Override
    int noArguments(CharSequence text, int at) {
      return fenced ? NO : MarkupText.after(text, at, CALL_END);
    }

    @Override
    int tail(CharSequence text, int at) {
      return fenced ? MarkupText.after(text, MarkupText.blanks(text, at), FENCE) : at;
    }
  }
}
