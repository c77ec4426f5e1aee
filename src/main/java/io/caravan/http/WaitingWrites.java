package io.caravan.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that wait for clients to read them, of all responses of a server. A client that has
 * stopped reading may keep what it holds for a while; many of them together may not fill the heap.
 */
final class WaitingWrites {
  private static final int HEAP_PARTS = 8;

  /** The bytes in memory for each that waits: the chunk, its text and its events are held, too. */
  private static final int COPIES = 4;

  private final AtomicLong waiting = new AtomicLong();
  private volatile long maximum = Runtime.getRuntime().maxMemory() / HEAP_PARTS;

  /** Returns those of the server of this thread's request, or new ones. */
  static WaitingWrites current() {
    CountedRequest request = CountedRequest.current();
    return request == null ? new WaitingWrites() : request.waiting();
  }

  /** Sets the most bytes; 0 is an eighth of the heap. */
  void setMaximum(long bytes) {
    if (bytes > 0) {
      maximum = bytes;
    }
  }

  /** Adds bytes that wait; returns false if all together are too many. They count in any case. */
  boolean add(long bytes) {
    long all = waiting.addAndGet(COPIES * bytes);
    return all <= maximum || all <= COPIES * bytes;
  }

  void remove(long bytes) {
    waiting.addAndGet(-COPIES * bytes);
  }
}
