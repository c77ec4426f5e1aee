package io.caravan.markup;

import java.util.List;

/** Reads one piece of markup while its text is still growing. One instance reads one piece. */
abstract class MarkupParser {
  static final int MORE = MarkupText.MORE;
  static final int NO = MarkupText.NO;

  private int reached;
  private List<MarkupCall> calls = List.of();
  private Channel channel;
  private boolean naturalEnd;

  /**
   * Reads on from where it stopped.
   *
   * @param text the markup from its opening on, as far as it is known; it only grows
   * @param last whether the text is complete
   * @return the end of the markup, {@link #MORE} or {@link #NO}. Markup that ended with neither
   *     calls nor a channel goes out unchanged: its tool wasn't declared or its JSON is malformed.
   */
  abstract int read(CharSequence text, boolean last);

  /**
   * Returns the length of the text that was understood before it turned out not to be markup. That
   * part goes out unread: the arguments of a malformed call are data, whatever they look like.
   */
  final int reached() {
    return reached;
  }

  final List<MarkupCall> calls() {
    return calls;
  }

  /** Returns the channel of the text that follows, or null if it stays the same. */
  final Channel channel() {
    return channel;
  }

  /**
   * Notes that the model ended the completion by itself, behind the text it has: closing tags may
   * be missing there. A text that was cut off is never completed.
   */
  final void endNaturally() {
    naturalEnd = true;
  }

  final boolean endsNaturally() {
    return naturalEnd;
  }

  final void understood(int at) {
    reached = Math.max(reached, at);
  }

  final int found(int end, List<MarkupCall> found) {
    calls = found;
    return end;
  }

  /** Ends with one call, or with none if it is null. */
  final int found(int end, MarkupCall call) {
    return found(end, call == null ? List.of() : List.of(call));
  }

  final int switchTo(int end, Channel channel) {
    this.channel = channel;
    return end;
  }
}
