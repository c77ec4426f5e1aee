package io.caravan.limits.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.limits.Time;
import java.time.Duration;

/**
 * Records the times during which upstream models are not called: as long as a Retry-After says, or
 * for growing spans after repeated failures.
 *
 * <p>A cooldown belongs to a {@code provider/model}, not to a provider: free tiers limit by model,
 * and one busy model says nothing about the others.
 */
public final class Cooldowns {
  private int failures = 3;
  private Duration first = Duration.ofSeconds(5);
  private Duration longest = Duration.ofMinutes(5);
  private Time time = Time.system();
  private Cache<String, State> states = cache(10_000);

  /**
   * The state of one model.
   *
   * @param requested the end of the time that the upstream asked for, or null
   * @param failed failures in a row
   * @param backoff the end of the time for those failures, or null
   */
  private record State(Long requested, int failed, Long backoff) {
    long left(long now) {
      return Math.max(left(requested, now), left(backoff, now));
    }

    static long left(Long until, long now) {
      return until == null ? 0 : Math.max(0, until - now);
    }
  }

  /** Sets how many failures in a row begin a cooldown; 3 by default. */
  public void setFailures(int failures) {
    this.failures = failures;
  }

  /** Sets the first cooldown for failures, doubled for each further one; 5 s by default. */
  public void setFirst(Duration first) {
    this.first = first;
  }

  /** Sets the longest cooldown, which a Retry-After can't exceed; 5 minutes by default. */
  public void setLongest(Duration longest) {
    this.longest = longest;
    states = cache(10_000);
  }

  void setTime(Time time) {
    this.time = time;
    states = cache(10_000);
  }

  void setMaxEntries(int maxEntries) {
    states = cache(maxEntries);
  }

  private Cache<String, State> cache(int maxEntries) {
    return Caffeine.newBuilder()
        .maximumSize(maxEntries)
        // Failures so far apart are not "in a row".
        .expireAfterWrite(longest.plus(longest))
        .ticker(time::nanoTime)
        .executor(Runnable::run)
        .build();
  }

  /** Returns how long the target's cooldown still lasts; zero if the target may be called. */
  public Duration remaining(String target) {
    State state = states.getIfPresent(target);
    return state == null ? Duration.ZERO : Duration.ofNanos(state.left(time.nanoTime()));
  }

  /** Returns whether the target's cooldown lasts so long because its upstream has asked for it. */
  public boolean isRequested(String target) {
    State state = states.getIfPresent(target);
    long now = time.nanoTime();
    return state != null
        && State.left(state.requested(), now) > 0
        && State.left(state.requested(), now) >= State.left(state.backoff(), now);
  }

  /**
   * Records a failure that says something about the target: 429, 5xx, no connection.
   *
   * @param target the provider and model
   * @param retryAfter the time that the upstream asks for, or null
   */
  public void failed(String target, Duration retryAfter) {
    long now = time.nanoTime();
    states
        .asMap()
        .compute(
            target,
            (t, old) -> failed(old == null ? new State(null, 0, null) : old, retryAfter, now));
  }

  private State failed(State old, Duration retryAfter, long now) {
    if (retryAfter != null && !retryAfter.isNegative() && !retryAfter.isZero()) {
      long wait = (retryAfter.compareTo(longest) < 0 ? retryAfter : longest).toNanos();
      boolean longer = State.left(old.requested(), now) < wait;
      return new State(longer ? (Long) (now + wait) : old.requested(), old.failed(), old.backoff());
    }
    if (State.left(old.backoff(), now) > 0) {
      // The call began before the cooldown: its cause has been counted.
      return old;
    }
    int failed = old.failed() + 1;
    if (failed < failures) {
      return new State(old.requested(), failed, null);
    }
    int doublings = Math.min(failed - failures, 30);
    long wait =
        Math.min(
            longest.toNanos(), Math.multiplyExact(first.toMillis(), 1L << doublings) * 1_000_000L);
    return new State(old.requested(), failed, now + wait);
  }

  /** Records a success: the failures are forgotten, the time that the upstream asked for is not. */
  public void succeeded(String target) {
    states
        .asMap()
        .computeIfPresent(
            target,
            (t, old) -> old.requested() == null ? null : new State(old.requested(), 0, null));
  }

  /** Forgets all failures and pauses. */
  public void clear() {
    states.invalidateAll();
  }

  /** Returns how many targets have a state. */
  long getSize() {
    states.cleanUp();
    return states.estimatedSize();
  }
}
