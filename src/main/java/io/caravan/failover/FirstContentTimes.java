package io.caravan.failover;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Arrays;

/** How long models took to their first content of late. */
final class FirstContentTimes {
  private static final int KEPT = 100;

  /** With fewer, the slowest twentieth is not known. */
  private static final int ENOUGH = 20;

  private final Cache<String, Times> byModel =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(1000).build();

  private static final class Times {
    private final long[] nanos = new long[KEPT];
    private int count;

    synchronized void add(long time) {
      nanos[count++ % KEPT] = time;
    }

    synchronized Duration p95() {
      int known = Math.min(count, KEPT);
      if (known < ENOUGH) {
        return Duration.ZERO;
      }
      long[] sorted = Arrays.copyOf(nanos, known);
      Arrays.sort(sorted);
      return Duration.ofNanos(sorted[(known * 95 - 1) / 100]);
    }
  }

  void add(String model, long nanos) {
    byModel.get(model, m -> new Times()).add(nanos);
  }

  /** What 95 of 100 calls took at most; zero as long as too little is known. */
  Duration p95(String model) {
    Times times = byModel.getIfPresent(model);
    return times == null ? Duration.ZERO : times.p95();
  }
}
