package io.caravan.failover;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Arrays;

/** Remembers the times that models took to their first content in their last calls. */
final class FirstContentTimes {
  private static final int KEPT = 100;

  /** The least number of times, since fewer don't show the slowest twentieth. */
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

  /** Returns the 95th percentile of a model's times; zero if too few are known. */
  Duration p95(String model) {
    Times times = byModel.getIfPresent(model);
    return times == null ? Duration.ZERO : times.p95();
  }
}
