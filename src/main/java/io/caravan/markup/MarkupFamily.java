package io.caravan.markup;

import java.util.List;

/**
 * One way in which models write tool calls as text. To add one: write it as a class and name it in
 * {@link MarkupFamilies}.
 */
interface MarkupFamily {
  /** As it is written in settings and counted in metrics. */
  String name();

  /** The tokens that begin and close it. */
  List<Marker> markers();

  /**
   * A parser for markup that begins with one of the openings.
   *
   * @param opening the token found; the text that is given to the parser begins with it
   */
  MarkupParser open(Marker opening, DeclaredTools tools);
}
