package io.caravan.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that wait for clients to read them, of all responses. A client that has stopped reading
 * may keep what it holds for a while; many of them together may not fill the heap.
 */
final class WaitingWrites {
  private static final int HEAP_PARTS = 8;

  /** The bytes in memory for each that waits: the chunk, its text and its events are held, too. */
  private static final int COPIES = 4;

  private static final AtomicLong BYTES = new AtomicLong();

  private static volatile long maximum = usual();

  private WaitingWrites() {}

  /** Adds bytes that wait; returns false if all together are too many. They count in any case. */
  static boolean add(long bytes) {
    long all = BYTES.addAndGet(COPIES * bytes);
    return all <= maximum || all <= COPIES * bytes;
  }

  static void remove(long bytes) {
    BYTES.addAndGet(-COPIES * bytes);
  }

  /** Sets the most bytes; 0 is an eighth of the heap. */
  static void setMaximum(long bytes) {
    maximum = bytes > 0 ? bytes : usual();
  }

  private static long usual() {
    return Runtime.getRuntime().maxMemory() / HEAP_PARTS;
  }
}
