package io.caravan.exchange;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of large parts of streams, from their arrival until they are written, in all streams of
 * the process. A part takes its bytes several times: as a line, a payload, a text, an event. Many
 * large ones at once, as before clients that don't read, would fill the heap.
 */
final class LargeParts {
  /** The size below which a part is not counted: nearly all are, and a count has a price. */
  static final int LARGE = 64 * 1024;

  static final LargeParts OF_THE_PROCESS = new LargeParts(Runtime.getRuntime().maxMemory() / 4);

  private static final int COPIES = 4;

  private final AtomicLong held = new AtomicLong();
  private final long maximum;

  LargeParts(long maximum) {
    this.maximum = maximum;
  }

  /**
   * Counts a stream's bytes anew. They count in any case.
   *
   * @return false if all streams together hold too many; true for the only one
   */
  boolean change(long before, long now) {
    long all = held.addAndGet(COPIES * (now - before));
    return now <= before || all <= maximum || all == COPIES * now;
  }
}
