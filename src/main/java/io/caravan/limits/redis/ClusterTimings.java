package io.caravan.limits.redis;

import java.time.Duration;

/**
 * The times after which replicas that share a window notice each other's silence.
 *
 * <p>A replica that has lost Redis gives permits on its own only when Redis, if it is alive, is
 * sure to count the replica as silent: {@code alone >= late + silent}, from the last command that
 * Redis may have run.
 *
 * @param beat the time between two heartbeats of a replica
 * @param late the age from which Redis takes a command as void
 * @param silent the time without a command after which Redis counts a replica as silent
 * @param alone the time for which a replica without Redis gives no permits
 * @param settle the time for which Redis gives no permits after its data were lost
 */
record ClusterTimings(
    Duration beat, Duration late, Duration silent, Duration alone, Duration settle) {
  static final ClusterTimings USUAL =
      new ClusterTimings(
          Duration.ofMillis(500),
          Duration.ofMillis(750),
          Duration.ofMillis(1500),
          Duration.ofMillis(2500),
          Duration.ofMillis(1500));
}
