package io.caravan.translate.request;

/**
 * The part of a request that an upstream has seen before, in the most similar of the last requests
 * of the same conversation.
 *
 * @param matched the bytes of the leading messages that are equal
 * @param previous the bytes of all messages of that request; 0 if there was none
 * @param toolsChanged whether the tools differ, which most templates write before the messages
 */
public record PrefixMatch(long matched, long previous, boolean toolsChanged) {
  static final PrefixMatch NONE = new PrefixMatch(0, 0, false);
}
