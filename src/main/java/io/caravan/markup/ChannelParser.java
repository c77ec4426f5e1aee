package io.caravan.markup;

/** Reads a token that switches to another channel. */
final class ChannelParser extends MarkupParser {
  private final Marker opening;
  private final Channel follows;

  ChannelParser(Marker opening, Channel follows) {
    this.opening = opening;
    this.follows = follows;
  }

  @Override
  int read(CharSequence text, boolean last) {
    return switchTo(opening.text().length(), follows);
  }
}
