package io.caravan.limits.client;

/**
 * The sum of the amounts within the last window, in constant memory: in steps of 1/240 of the
 * window, each of which counts until all of it is older than the window. The sum is never less than
 * the true one, and more for a quarter of a second at most (of a minute). Not safe for use by
 * several threads.
 */
final class RollingSum {
  private static final int STEPS = 240;

  private final long[] sums = new long[STEPS + 1];
  private final long step;
  private final long origin;
  private long newest;
  private long total;

  /**
   * Makes an empty sum.
   *
   * @param window the window's length in nanoseconds
   * @param now the first time at which anything is counted
   */
  RollingSum(long window, long now) {
    this.step = window / STEPS;
    this.origin = now;
  }

  /** Returns the sum of the window that ends now. */
  long sum(long now) {
    long current = (now - origin) / step;
    for (long stale = Math.max(newest + 1, current - STEPS); stale <= current; stale++) {
      int place = place(stale);
      total -= sums[place];
      sums[place] = 0;
    }
    newest = Math.max(newest, current);
    return total;
  }

  /**
   * Adds an amount.
   *
   * @return the step that counts it
   */
  long add(long amount, long now) {
    sum(now);
    change(newest, amount);
    return newest;
  }

  /** Changes the amount of a step, unless the step is out of the window. */
  void correct(long step, long by, long now) {
    sum(now);
    if (newest - step <= STEPS) {
      change(step, by);
    }
  }

  private void change(long step, long by) {
    sums[place(step)] += by;
    total += by;
  }

  private int place(long step) {
    return (int) (step % sums.length);
  }

  /** Returns the nanoseconds until an amount fits under a limit that is at least as large. */
  long waitFor(long amount, long limit, long now) {
    long left = sum(now) + amount - limit;
    long oldest = Math.max(0, newest - STEPS);
    while (left > 0 && oldest <= newest) {
      left -= sums[place(oldest++)];
    }
    return sum(now) + amount <= limit ? 0 : (oldest + STEPS) * step - (now - origin);
  }
}
