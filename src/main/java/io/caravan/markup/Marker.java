package io.caravan.markup;

/**
 * A token that begins or closes a family's markup.
 *
 * @param lone an opening that models also show when they explain how a call is written; what it
 *     opens is a call only if nothing else follows in the message (ollama/ollama#16398 took three
 *     examples out of one explanation)
 */
record Marker(MarkupFamily family, String text, Kind kind, Place place, boolean lone) {

  /** What the token is good for. */
  enum Kind {
    /** Begins a call, or another thing that the family's parser reads. */
    OPENING,
    /** Ends a section; it counts only behind a call of its family. */
    CLOSER,
    /**
     * Ends a section, and is also seen where the calls themselves came as they should: alone at the
     * beginning or the end of a text.
     */
    STRAY
  }

  /** Where the token counts; never inside of code. */
  enum Place {
    /** A control token of a model's vocabulary, which prose doesn't have. */
    ANYWHERE,
    /**
     * Plain characters: where a line or a sentence begins, and right behind a word, not after it.
     */
    BREAK,
    /** As the first thing of a message. */
    START,
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
