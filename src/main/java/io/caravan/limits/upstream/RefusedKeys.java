package io.caravan.limits.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.limits.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Records the keys that their upstream has refused, so that the others of the provider are used. A
 * refused key is tried again when its time is over, which doubles with each further refusal.
 *
 * @param <K> a key, or a key with a model that it may not use
 */
public final class RefusedKeys<K> {
  private static final Duration LONGEST = Duration.ofDays(1);

  private Duration first = Duration.ofMinutes(10);
  private Time time = Time.system();
  private Cache<K, Refused> keys = cache();

  private record Refused(String reason, long length, long until) {}

  /**
   * A key that is not used now.
   *
   * @param reason the reason in a few words
   * @param again the time until it is tried again
   */
  public record Status(String reason, Duration again) {}

  /** Sets the time for which a key is not used after its first refusal; 10 minutes by default. */
  public void setFirst(Duration first) {
    this.first = first;
  }

  void setTime(Time time) {
    this.time = time;
    keys = cache();
  }

  private Cache<K, Refused> cache() {
    return Caffeine.newBuilder()
        .maximumSize(1_000)
        .expireAfterWrite(LONGEST.plus(LONGEST))
        .ticker(time::nanoTime)
        .executor(Runnable::run)
        .build();
  }

  /**
   * Records a refusal.
   *
   * @return the time for which the key is not used; zero if another call has had it recorded
   */
  public Duration refused(K key, String reason) {
    long now = time.nanoTime();
    Duration[] set = {Duration.ZERO};
    keys.asMap()
        .compute(
            key,
            (k, old) -> {
              if (old != null && old.until() - now > 0) {
                return old;
              }
              long length = old == null ? first.toNanos() : old.length() * 2;
              length = Math.min(length, LONGEST.toNanos());
              set[0] = Duration.ofNanos(length);
              return new Refused(reason, length, now + length);
            });
    return set[0];
  }

  /** Records that a call with the key has succeeded. */
  public void succeeded(K key) {
    if (keys.getIfPresent(key) != null) {
      keys.invalidate(key);
    }
  }

  /** Returns the time until a key is tried again; zero if it may be used. */
  public Duration remaining(K key) {
    Refused refused = keys.getIfPresent(key);
    return refused == null
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, refused.until() - time.nanoTime()));
  }

  /** Returns the keys that are not used now. */
  public Map<K, Status> all() {
    Map<K, Status> all = new LinkedHashMap<>();
    keys.asMap()
        .forEach(
            (key, refused) -> {
              Duration again = remaining(key);
              if (!again.isZero()) {
                all.put(key, new Status(refused.reason(), again));
              }
            });
    return all;
  }

  /** Uses all keys again, and returns how many were not used. */
  public int forget() {
    int refused = all().size();
    keys.invalidateAll();
    return refused;
  }
}
