package io.caravan.markup;

import java.util.List;

/**
 * {@code ● <function=NAME><parameter=KEY>value</parameter>}, mostly without a closing tag. It is
 * written by models that imitate the transcript of a coding agent. The form is the one that
 * Alishahryar1/free-claude-code looks for.
 */
final class BulletMarkup implements MarkupFamily {
  private static final String BULLET = "●";

  @Override
  public String name() {
    return "bullet";
  }

  @Override
  public List<Marker> markers() {
    return List.of(Marker.loneTag(this, BULLET));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return new FunctionTagParser(BULLET.length(), tools) {
      @Override
      boolean closesItself() {
        return true;
      }
    };
  }
}
