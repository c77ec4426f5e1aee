package io.caravan.markup;

import java.util.List;

/** Reads one piece of markup, of which more and more is there. One instance a piece. */
abstract class MarkupParser {
  static final int MORE = MarkupText.MORE;
  static final int NO = MarkupText.NO;

  private int reached;
  private List<MarkupCall> calls = List.of();
  private Channel voice;

  /**
   * Reads on from where it stopped.
   *
   * @param text the markup from its opening on, as far as it is known; it only grows
   * @param last whether nothing more comes
   * @return where the markup ends, {@link #MORE} or {@link #NO}. Markup that ended but has neither
   *     calls nor a voice goes out as it came: a tool that nobody declared, or broken JSON.
   */
  abstract int read(CharSequence text, boolean last);

  /**
   * How far the text was understood before it turned out to be none. What lies before goes out
   * unread: what a broken call holds in its arguments is data, whatever it looks like.
   */
  final int reached() {
    return reached;
  }

  final List<MarkupCall> calls() {
    return calls;
  }

  /** Whose text follows, or null where that doesn't change. */
  final Channel voice() {
    return voice;
  }

  final void understood(int at) {
    reached = Math.max(reached, at);
  }

  final int found(int end, List<MarkupCall> found) {
    calls = found;
    return end;
  }

  /** Ends with one call, or with none where it is null. */
  final int found(int end, MarkupCall call) {
    return found(end, call == null ? List.of() : List.of(call));
  }

  final int speaks(int end, Channel who) {
    voice = who;
    return end;
  }
}
