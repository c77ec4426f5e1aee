package io.caravan.limits.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.limits.Time;
import java.time.Duration;

/**
 * Records the models that are gone, down or refused, so that requests which have another model to
 * go to don't call them. One failed call is enough. Once the time is over, one request tries the
 * model again; the others go on without it until that call has ended.
 *
 * <p>It is no {@link Cooldowns cooldown}: nobody waits for the end of this time, and a request
 * without another model calls the model all the same.
 */
public final class SetAside {
  /** The time for which others go on without a model that one request tries again. */
  private static final Duration TRIAL = Duration.ofSeconds(30);

  private static final int MAX_MODELS = 10_000;

  private Duration longest = Duration.ofHours(24);
  private Time time = Time.system();
  private Cache<String, Entry> models = cache();

  /**
   * A model that is set aside.
   *
   * @param reason the reason in one word
   * @param length the nanoseconds for which it was set aside, doubled each time
   * @param until the end of that time
   */
  private record Entry(String reason, long length, long until) {}

  /** Sets the longest time; 24 hours by default. */
  public void setLongest(Duration longest) {
    this.longest = longest;
    models = cache();
  }

  void setTime(Time time) {
    this.time = time;
    models = cache();
  }

  private Cache<String, Entry> cache() {
    return Caffeine.newBuilder()
        .maximumSize(MAX_MODELS)
        .expireAfterWrite(longest.plus(longest))
        .ticker(time::nanoTime)
        .executor(Runnable::run)
        .build();
  }

  /**
   * Sets a model aside.
   *
   * @param target the provider and model
   * @param reason the reason in one word
   * @param first the time for which it isn't called; doubled each time that a trial fails
   * @return the time for which it isn't called; zero if it had been set aside before, by a call
   *     that began at the same time
   */
  public Duration add(String target, String reason, Duration first) {
    long now = time.nanoTime();
    Duration[] added = {Duration.ZERO};
    models
        .asMap()
        .compute(
            target,
            (t, old) -> {
              boolean onTrial = old == null || old.until() - now <= TRIAL.toNanos();
              if (!onTrial) {
                return old;
              }
              long length = old == null ? first.toNanos() : old.length() * 2;
              length = Math.min(length, longest.toNanos());
              added[0] = Duration.ofNanos(length);
              return new Entry(reason, length, now + length);
            });
    return added[0];
  }

  /**
   * Returns whether a request that has another model to go to may call this one. If its time is
   * over, that is true for one request, whose call is the trial.
   */
  public boolean mayCall(String target) {
    if (models.getIfPresent(target) == null) {
      return true;
    }
    long now = time.nanoTime();
    boolean[] may = {true};
    models
        .asMap()
        .computeIfPresent(
            target,
            (t, entry) -> {
              may[0] = entry.until() - now <= 0;
              return may[0]
                  ? new Entry(entry.reason(), entry.length(), now + TRIAL.toNanos())
                  : entry;
            });
    return may[0];
  }

  /** Returns the reason for which a model is set aside now; null if it isn't. */
  public String reason(String target) {
    Entry entry = models.getIfPresent(target);
    return entry == null || entry.until() - time.nanoTime() <= 0 ? null : entry.reason();
  }

  /** Records that a call of the model has succeeded. */
  public void succeeded(String target) {
    if (models.getIfPresent(target) != null) {
      models.invalidate(target);
    }
  }
}
