package io.caravan.markup;

import java.util.List;

/**
 * A way in which models write tool calls as text. A new one is a class and an entry in {@link
 * MarkupFamilies}.
 */
interface MarkupFamily {
  /** Returns the name used in settings and metrics. */
  String name();

  /** Returns the tokens that begin and close the markup. */
  List<Marker> markers();

  /**
   * Returns a parser for markup that begins with one of the openings.
   *
   * @param opening the token found; the text that is given to the parser begins with it
   */
  MarkupParser open(Marker opening, DeclaredTools tools);
}
