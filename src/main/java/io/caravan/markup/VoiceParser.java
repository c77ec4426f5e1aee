package io.caravan.markup;

/** Reads a token after which another voice speaks. */
final class VoiceParser extends MarkupParser {
  private final Marker opening;
  private final Voice follows;

  VoiceParser(Marker opening, Voice follows) {
    this.opening = opening;
    this.follows = follows;
  }

  @Override
  int read(CharSequence text, boolean last) {
    return speaks(opening.text().length(), follows);
  }
}
