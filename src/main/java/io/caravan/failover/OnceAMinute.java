package io.caravan.failover;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reports each of a few things once a minute at most. */
final class OnceAMinute {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final Map<String, Long> reported = new ConcurrentHashMap<>();

  /**
   * Returns whether a thing has not been reported within the last minute; it counts as reported.
   */
  boolean isNew(String what) {
    long now = System.nanoTime();
    Long before = reported.putIfAbsent(what, now);
    return before == null || (now - before > MINUTE && reported.replace(what, before, now));
  }
}
