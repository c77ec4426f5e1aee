package io.caravan.load;

import java.util.Arrays;

/** Durations in nanoseconds, all kept, so that percentiles are exact. */
final class Samples {
  private long[] values = new long[1 << 12];
  private int size;

  void add(long nanos) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = nanos;
  }

  int size() {
    return size;
  }

  /** Returns a percentile of the samples in milliseconds; NaN without samples. */
  double millis(double percent) {
    if (size == 0) {
      return Double.NaN;
    }
    long[] sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent / 100 * size);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }
}
