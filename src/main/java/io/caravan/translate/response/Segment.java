package io.caravan.translate.response;

/**
 * A block of the answer, before and while it goes out. Only the first segment of the {@link
 * BlockQueue} goes out as it grows; the others keep what they get.
 */
abstract class Segment {
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

  /** Sends what there is, as far as it can go out yet. Only called on the first segment. */
  abstract void flush(BlockQueue out);

  /** Whether nothing more can belong to it once another segment has begun. */
  abstract boolean isWhole();

  /** Sends the rest and ends the block. */
  abstract void close(BlockQueue out);

  /** The end of what can go out: half a surrogate pair waits for the other half. */
  static int sendable(StringBuilder text) {
    int end = text.length();
    return end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
  }
}
