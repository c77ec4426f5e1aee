package io.caravan.metrics;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The time of one stage, with the meters of a timer. Each request passes some thirty stages on any
 * processor, and a timer of Micrometer's fetches several lines of memory from another one, each
 * time; here, number and sum are in one.
 */
final class StageTime {
  private static final int COUNT = 0;
  private static final int NANOS = 1;
  private static final long MINUTE_MILLIS = 60_000;
  private static final int MINUTES_KEPT = 3;

  private final AtomicLongArray sums = new AtomicLongArray(2);
  private final TimeWindowMax longest;

  private StageTime(MeterRegistry registry) {
    longest = new TimeWindowMax(registry.config().clock(), MINUTE_MILLIS, MINUTES_KEPT);
  }

  /** Registers the meters of a stage. */
  static StageTime of(MeterRegistry registry, String stage) {
    StageTime time = new StageTime(registry);
    FunctionTimer.builder(
            "caravan_stage",
            time,
            all -> all.sums.get(COUNT),
            all -> all.sums.get(NANOS),
            TimeUnit.NANOSECONDS)
        .description("Time in a stage")
        .tag("stage", stage)
        .register(registry);
    try {
      Gauge.builder("caravan_stage_seconds_max", time, all -> all.longest.poll(TimeUnit.SECONDS))
          .description("Time in a stage")
          .tag("stage", stage)
          .register(registry);
    } catch (IllegalArgumentException e) {
      // The older client of Prometheus, which Quarkus has, keeps that name for the timer itself.
    }
    return time;
  }

  void record(long nanos) {
    sums.getAndIncrement(COUNT);
    sums.getAndAdd(NANOS, nanos);
    longest.record((double) nanos, TimeUnit.NANOSECONDS);
  }
}
