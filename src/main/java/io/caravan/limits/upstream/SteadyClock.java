package io.caravan.limits.upstream;

import io.caravan.limits.Time;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock for libraries that want one and use differences only. It begins at the epoch and neither
 * jumps nor goes back, as the machine's own clock does when it is set.
 */
final class SteadyClock extends Clock {
  private final Time time;
  private final long origin;

  SteadyClock(Time time) {
    this.time = time;
    this.origin = time.nanoTime();
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(time.nanoTime() - origin);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    // A zone changes no instant.
    return this;
  }
}
