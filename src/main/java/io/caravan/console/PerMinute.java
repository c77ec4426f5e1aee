package io.caravan.console;

import java.time.Duration;

/** A number of tries in each minute. */
final class PerMinute {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final int most;
  private long minute = System.nanoTime();
  private int tries;

  PerMinute(int most) {
    this.most = most;
  }

  /** Counts a try and returns whether it may be made. */
  synchronized boolean mayTry() {
    long now = System.nanoTime();
    if (now - minute > MINUTE) {
      minute = now;
      tries = 0;
    }
    tries++;
    return tries <= most;
  }
}
