package io.caravan.markup;

import java.util.List;

/**
 * A response that is a call and nothing else, without any token around it: Llama 3's {@code
 * {"name":…,"parameters":{…}}}, two of them joined by {@code ;}, Llama 4's {@code
 * [NAME(KEY=value)]}, and the same in a code fence (ollama/ollama#13931: Qwen2.5-Coder).
 *
 * <p>It is a call only if it is the whole content, every tool in it was declared, its arguments fit
 * the tool's schema, and the objects hold nothing else. A text that can't become one any more goes
 * on at once.
 */
final class WholeAnswerMarkup implements MarkupFamily {
  static final String NAME = "whole-answer";
  static final String FENCE = "```";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Marker> markers() {
    return List.of(whole("{"), whole("["), whole(FENCE));
  }

  private Marker whole(String text) {
    return new Marker(this, text, Marker.Kind.OPENING, Marker.Place.WHOLE, true);
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return new WholeAnswerParser(opening.text().equals(FENCE), tools);
  }
}
