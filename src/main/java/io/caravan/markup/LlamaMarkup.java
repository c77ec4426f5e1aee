package io.caravan.markup;

import java.util.List;

/**
 * {@code <function=NAME>{…}</function>} and {@code <|python_tag|>{"name":…,"parameters":{…}}}:
 * Llama 3.1 to 3.3, by Meta's description of their prompt format.
 */
final class LlamaMarkup implements MarkupFamily {
  private static final String FUNCTION = "<function=";

  @Override
  public String name() {
    return "llama";
  }

  @Override
  public List<Marker> markers() {
    return List.of(
        Marker.loneTag(this, FUNCTION),
        Marker.token(this, "<|python_tag|>"),
        Marker.closer(this, "</function>"),
        Marker.closer(this, "<|eom_id|>"),
        Marker.closer(this, "<|eot_id|>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return opening.text().equals(FUNCTION)
        ? new Named(tools)
        : new JsonListParser(opening, '{', tools);
  }

  private static final class Named extends JsonCallParser {
    Named(DeclaredTools tools) {
      super(tools);
    }

    @Override
    int head(CharSequence text) {
      int close = MarkupText.name(text, FUNCTION.length());
      int behind = close < 0 ? close : MarkupText.after(text, close, ">");
      if (behind < 0) {
        return behind;
      }
      name = MarkupText.string(text, FUNCTION.length(), close);
      return MarkupText.blanks(text, behind);
    }
  }
}
