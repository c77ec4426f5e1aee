package io.caravan.translate.request;

/**
 * How much of a request an upstream has seen before, in the last request of the same conversation
 * that is most like it.
 *
 * @param matched bytes of the leading messages that are the same
 * @param previous bytes of all messages of that request; 0 where there was none
 * @param toolsChanged whether the tools differ, which most templates write before the messages
 */
public record PrefixMatch(long matched, long previous, boolean toolsChanged) {
  static final PrefixMatch NONE = new PrefixMatch(0, 0, false);
}
