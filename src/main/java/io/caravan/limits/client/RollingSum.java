package io.caravan.limits.client;

/**
 * What was counted within the last window, in memory that does not grow with it: in steps of 1/240
 * of the window, each of which counts until all of it is older than the window. So it never counts
 * less than the truth, and more for a quarter of a second at most (of a minute). Not safe for use
 * by several threads.
 */
final class RollingSum {
  private static final int STEPS = 240;

  private final long[] sums = new long[STEPS + 1];
  private final long step;
  private final long origin;
  private long newest;
  private long total;

  /**
   * @param window in nanoseconds
   * @param now the first time at which anything is counted
   */
  RollingSum(long window, long now) {
    this.step = window / STEPS;
    this.origin = now;
  }

  /** The sum of the window that ends now. */
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
   * Counts an amount.
   *
   * @return the step that it was counted in
   */
  long add(long amount, long now) {
    sum(now);
    change(newest, amount);
    return newest;
  }

  /** Changes what was counted in a step, unless it is out of the window. */
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

  /** Nanoseconds until an amount fits under a limit, which is not smaller than the amount. */
  long waitFor(long amount, long limit, long now) {
    long left = sum(now) + amount - limit;
    long oldest = Math.max(0, newest - STEPS);
    while (left > 0 && oldest <= newest) {
      left -= sums[place(oldest++)];
    }
    return sum(now) + amount <= limit ? 0 : (oldest + STEPS) * step - (now - origin);
  }
}
