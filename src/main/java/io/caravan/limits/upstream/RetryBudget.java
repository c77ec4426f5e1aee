package io.caravan.limits.upstream;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * The retries of a request: how many, and for how long, before its client gets an error. They are
 * few and short, as clients retry by themselves (Claude Code ten times, over three minutes).
 *
 * <p>The delays grow exponentially with full jitter: any time between none and the full delay (AWS
 * Architecture Blog, "Exponential Backoff And Jitter"), so that requests which failed together are
 * not retried together.
 */
public final class RetryBudget {
  /** Requests that were given the same Retry-After are spread over this part of it. */
  private static final double SPREAD = 0.1;

  private int maxAttempts = 3;
  private Duration total = Duration.ofSeconds(8);
  private Duration firstDelay = Duration.ofMillis(500);
  private Duration longestDelay = Duration.ofSeconds(4);
  private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

  /** Sets the most attempts, the first one included; 3 by default. */
  public void setMaxAttempts(int maxAttempts) {
    this.maxAttempts = maxAttempts;
  }

  /** Sets the time from the start of the first attempt to that of the last; 8 s by default. */
  public void setTotal(Duration total) {
    this.total = total;
  }

  /** Sets the longest delay before the second attempt, doubled for each further one; 500 ms. */
  public void setFirstDelay(Duration firstDelay) {
    this.firstDelay = firstDelay;
  }

  /** Sets the delay at which the doubling ends; 4 s by default. */
  public void setLongestDelay(Duration longestDelay) {
    this.longestDelay = longestDelay;
  }

  /** Sets the source of numbers from 0 to 1. */
  void setRandom(DoubleSupplier random) {
    this.random = random;
  }

  /**
   * Returns the delay before the next attempt, or empty if there is to be none.
   *
   * @param attempt the number of attempts made
   * @param elapsed the time since the start of the first
   * @param retryAfter the time that the upstream asks for, or null; the delay is never shorter
   */
  public Optional<Duration> nextDelay(int attempt, Duration elapsed, Duration retryAfter) {
    Duration left = total.minus(elapsed);
    Duration floor = retryAfter == null || retryAfter.isNegative() ? Duration.ZERO : retryAfter;
    if (attempt >= maxAttempts || left.isNegative() || left.isZero() || floor.compareTo(left) > 0) {
      return Optional.empty();
    }
    Duration delay = fraction(backoff(attempt), random.getAsDouble());
    if (delay.compareTo(floor) < 0) {
      delay = floor.plus(fraction(floor, SPREAD * random.getAsDouble()));
    }
    return Optional.of(delay.compareTo(left) > 0 ? left : delay);
  }

  private Duration backoff(int attempt) {
    Duration delay = firstDelay;
    for (int i = 1; i < attempt && delay.compareTo(longestDelay) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(longestDelay) > 0 ? longestDelay : delay;
  }

  private static Duration fraction(Duration duration, double part) {
    return Duration.ofNanos((long) (duration.toNanos() * part));
  }
}
