package io.caravan.tokens;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * The token counts of recent text segments, by a 128-bit hash of the segment.
 *
 * <p>A conversation sends all its earlier texts again with each turn, so nearly every segment has
 * been counted before. Whole messages or prefixes can't be the keys: Claude Code moves {@code
 * cache_control} from block to block, sends the same content sometimes as a string and sometimes as
 * blocks, and begins its system prompt with a line that differs per conversation. Keys hold no
 * text: an entry takes about 120 bytes.
 *
 * <p>xxh3 is fast, not cryptographic. Its seed is random per process and differs per tenant, so
 * that nobody can look for a collision, nor learn by timing which texts another tenant has sent.
 */
final class SegmentCache {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Cache<Key, Integer> counts;
  private final long seed = RANDOM.nextLong();
  private final Hasher64 tenantHasher = Hashing.xxh3_64(RANDOM.nextLong());

  SegmentCache(int maximumSize, Duration expiry) {
    this.counts =
        Caffeine.newBuilder()
            // Eviction takes microseconds and doesn't need the JVM's common pool.
            .executor(Runnable::run)
            .maximumSize(maximumSize)
            .expireAfterAccess(expiry)
            .recordStats()
            .build();
  }

  /** Returns the hasher for the segments of a tenant. */
  Hasher128 hasher(String tenant) {
    return Hashing.xxh3_128(seed ^ tenantHasher.hashCharsToLong(tenant));
  }

  /**
   * Returns the count under a key, or null. There is no loading get: it would hold a lock of the
   * table for the milliseconds that a long text takes, and counting a text twice is harmless.
   */
  Integer get(Key key) {
    return counts.getIfPresent(key);
  }

  void put(Key key, int count) {
    counts.put(key, count);
  }

  CacheStats stats() {
    return counts.stats();
  }

  long size() {
    return counts.estimatedSize();
  }

  /**
   * The key of a segment.
   *
   * @param length the length of the segment in bytes of UTF-8; negative if the count is an estimate
   */
  record Key(long high, long low, int length) {
    static Key of(HashValue128 hash, int length) {
      return new Key(hash.getMostSignificantBits(), hash.getLeastSignificantBits(), length);
    }

    /** Returns the low half, which is as good as random already. */
    @Override
    public int hashCode() {
      return (int) low;
    }
  }
}
