package io.caravan.translate.response;

/**
 * A block of the message, before and while it goes out. Only the first segment of the {@link
 * BlockQueue} goes out as it grows; the others keep their content.
 */
abstract class Segment {
  /** The most characters of a buffer that is kept for later parts. */
  private static final int MAX_KEPT = 16 * 1024;

  /** The block's index; -1 before it has begun to go out. */
  private int index = -1;

  final boolean isStarted() {
    return index >= 0;
  }

  final int index() {
    return index;
  }

  final void start(int blockIndex) {
    index = blockIndex;
  }

  /** Sends all content that can go out already. It is only called on the first segment. */
  abstract void flush(BlockQueue out);

  /** Returns whether the segment can't grow any more once another one has begun. */
  abstract boolean isWhole();

  /** Sends the rest and ends the block. */
  abstract void close(BlockQueue out);

  /** Takes out text that has gone out. A buffer that a large part has filled is not kept. */
  static void release(StringBuilder text, int end) {
    text.delete(0, end);
    if (text.capacity() > MAX_KEPT) {
      text.trimToSize();
    }
  }

  /**
   * Returns the end of the text that can go out. Half a surrogate pair waits for the other half.
   */
  static int sendable(StringBuilder text) {
    int end = text.length();
    return end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
  }
}
