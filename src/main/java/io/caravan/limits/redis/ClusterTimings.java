package io.caravan.limits.redis;

import java.time.Duration;

/**
 * How fast replicas that share a window notice each other's silence.
 *
 * <p>A replica that has lost Redis gives permits on its own only when Redis, if it lives, is sure
 * to count it as silent: {@code alone >= late + silent}, from the last command that Redis may have
 * done.
 *
 * @param beat how often a replica shows itself
 * @param late a command is void if Redis comes to it later than this after it was sent
 * @param silent Redis counts a replica as silent that it has not heard of for so long
 * @param alone a replica without Redis gives no permits for so long
 * @param settle Redis gives no permits for so long when its data begin anew
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
