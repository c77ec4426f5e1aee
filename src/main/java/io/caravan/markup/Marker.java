package io.caravan.markup;

/**
 * A token that begins or closes a family's markup.
 *
 * @param lone true for an opening that models also show when they explain how a call is written. It
 *     opens a call only if nothing else follows in the message (ollama/ollama#16398 took three
 *     examples out of one explanation).
 */
record Marker(MarkupFamily family, String text, Kind kind, Place place, boolean lone) {

  /** The effect of a token. */
  enum Kind {
    /** Begins a call, or other markup that the family's parser reads. */
    OPENING,
    /** Ends a section. It counts only behind a call of its family. */
    CLOSER,
    /**
     * Ends a section. Alone at the beginning or the end of a text it is seen even if the calls came
     * in {@code tool_calls}.
     */
    STRAY
  }

  /** The place at which a token counts. Inside code it never does. */
  enum Place {
    /** Anywhere: a control token of a model's vocabulary, which prose doesn't contain. */
    ANYWHERE,
    /**
     * At the beginning of a line or a sentence, or glued to a word. Such a token is plain
     * characters.
     */
    BREAK,
    /** At the beginning of a message. */
    START,
    /** At the beginning of a message's content, if it has no other text. */
    WHOLE,
    /** Behind other markup of the family in the same message. */
    AGAIN
  }

  static Marker token(MarkupFamily family, String text) {
    return new Marker(family, text, Kind.OPENING, Place.ANYWHERE, false);
  }

  static Marker tag(MarkupFamily family, String text) {
    return new Marker(family, text, Kind.OPENING, Place.BREAK, false);
  }

  static Marker loneTag(MarkupFamily family, String text) {
    return new Marker(family, text, Kind.OPENING, Place.BREAK, true);
  }

  static Marker closer(MarkupFamily family, String text) {
    return new Marker(family, text, Kind.CLOSER, Place.ANYWHERE, false);
  }

  static Marker stray(MarkupFamily family, String text) {
    return new Marker(family, text, Kind.STRAY, Place.ANYWHERE, false);
  }

  static Marker at(Place place, MarkupFamily family, String text) {
    return new Marker(family, text, Kind.OPENING, place, false);
  }
}
