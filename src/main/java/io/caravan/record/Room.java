package io.caravan.record;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that one recording may take, out of that of all recordings together. */
final class Room {
  private final AtomicLong held;
  private final long mostHeld;
  private final long most;
  private long taken;
  private boolean exhausted;

  /**
   * @param held the bytes of all recordings together
   * @param mostHeld the most of those
   * @param most the most bytes of this recording
   */
  Room(AtomicLong held, long mostHeld, long most) {
    this.held = held;
    this.mostHeld = mostHeld;
    this.most = most;
  }

  /** Takes room for bytes; returns false from the first time on that there is none. */
  synchronized boolean take(int bytes) {
    if (exhausted) {
      return false;
    }
    if (taken + bytes > most || held.addAndGet(bytes) > mostHeld) {
      if (taken + bytes <= most) {
        held.addAndGet(-bytes);
      }
      exhausted = true;
      return false;
    }
    taken += bytes;
    return true;
  }

  synchronized boolean isExhausted() {
    return exhausted;
  }

  synchronized void release() {
    held.addAndGet(-taken);
    taken = 0;
    exhausted = true;
  }
}
