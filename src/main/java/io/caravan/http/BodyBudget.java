package io.caravan.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the bodies of all requests under way may take. Clients without a key have a small
 * share of it, so that they can't shut out those with one.
 */
final class BodyBudget {
  /** A body takes five times its size: as bytes, as text, and as the request of the upstream. */
  private static final int HEAP_PARTS = 8;

  /**
   * Once the upstream has it, its bytes alone are kept: so many may take three eighths of the heap.
   */
  private static final int SENT_PARTS = 3;

  private static final int KEYLESS_PARTS = 8;

  private final AtomicLong held = new AtomicLong();
  private final AtomicLong heldWithoutKey = new AtomicLong();
  private long maximum = Runtime.getRuntime().maxMemory() / HEAP_PARTS;
  private long maximumWithoutKey;

  void setMaximum(long maximum) {
    this.maximum = maximum;
  }

  void setMaximumWithoutKey(long maximumWithoutKey) {
    this.maximumWithoutKey = maximumWithoutKey;
  }

  /** Returns the share of clients without a key, which is also the most that one of them gets. */
  long withoutKey() {
    return maximumWithoutKey > 0 ? maximumWithoutKey : maximum / KEYLESS_PARTS;
  }

  /** Returns the bytes held by all. */
  long held() {
    return held.get();
  }

  /**
   * Takes bytes for a request. They count also if they are too many; then the request ends.
   *
   * @param own all bytes of the request; one that is alone may exceed the budget
   * @return false if all requests together have too many
   */
  boolean take(long bytes, long own, boolean known) {
    long all = held.addAndGet(bytes);
    if (known) {
      return all <= maximum || all <= own;
    }
    long keyless = heldWithoutKey.addAndGet(bytes);
    return keyless <= withoutKey();
  }

  /** Gives most bytes of a body back once its upstream has it; returns those that still count. */
  long sent(long bytes, boolean known) {
    long kept = bytes / SENT_PARTS;
    giveBack(bytes - kept, known);
    return kept;
  }

  void giveBack(long bytes, boolean known) {
    held.addAndGet(-bytes);
    if (!known) {
      heldWithoutKey.addAndGet(-bytes);
    }
  }
}
