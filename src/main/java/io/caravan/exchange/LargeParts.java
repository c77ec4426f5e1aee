package io.caravan.exchange;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes of large parts of streams, from their arrival until they are written, in all streams of
 * the process. A part takes its bytes several times: as a line, a payload, a text, an event. Many
 * large ones at once, as before clients that don't read, would fill the heap, so a stream reads on
 * only when there is room. One stream at a time may hold more than there is room for; without it,
 * streams in the middle of their parts could wait for each other.
 */
final class LargeParts {
  /** The size below which a part is not counted: nearly all are, and a count has a price. */
  static final int LARGE = 64 * 1024;

  static final LargeParts OF_THE_PROCESS =
      new LargeParts(Runtime.getRuntime().maxMemory() / 4, Duration.ofSeconds(30));

  private static final int COPIES = 4;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final long maximum;
  private final Duration longest;
  private long held;
  private Share beyond;

  /**
   * Makes a count.
   *
   * @param longest the time that a stream waits for room
   */
  LargeParts(long maximum, Duration longest) {
    this.maximum = maximum;
    this.longest = longest;
  }

  Share share() {
    return new Share();
  }

  /** Returns the bytes of all streams, each as often as it is held. */
  long held() {
    lock.lock();
    try {
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** The memory that one stream holds. The stream's thread counts; any thread may close. */
  final class Share {
    private volatile long bytes;
    private boolean closed;

    private Share() {}

    /**
     * Counts the stream's bytes anew; waits for room if they are more than before.
     *
     * @return false if there was no room in time
     */
    boolean hold(long now) {
      long counted = now > LARGE ? COPIES * now : 0;
      if (counted == bytes) {
        return true;
      }
      lock.lock();
      try {
        boolean fits = awaitRoom(counted);
        set(closed ? 0 : counted);
        return fits;
      } finally {
        lock.unlock();
      }
    }

    void close() {
      lock.lock();
      try {
        closed = true;
        set(0);
      } finally {
        lock.unlock();
      }
    }

    private boolean awaitRoom(long wanted) {
      long left = longest.toNanos();
      while (!closed && wanted > bytes && held - bytes + wanted > maximum) {
        if (beyond == null || beyond == this) {
          beyond = this;
          return true;
        }
        if (left <= 0) {
          return false;
        }
        try {
          left = room.awaitNanos(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return true;
    }

    private void set(long now) {
      boolean less = now < bytes;
      held += now - bytes;
      bytes = now;
      if (beyond == this && (now == 0 || held <= maximum)) {
        beyond = null;
      }
      if (less) {
        room.signalAll();
      }
    }
  }
}
