package io.caravan.limits.redis;

import io.caravan.limits.Time;
import io.caravan.limits.client.LedgerSource;
import io.caravan.limits.client.UsageLedger;
import io.caravan.limits.upstream.SharedWindow;
import io.caravan.limits.upstream.WindowSource;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What replicas share: the upstreams' limits and the clients' daily usage, through Redis (6 or
 * later) if a URL is set. Without one, each process has its own.
 *
 * <p>Redis holds names of upstream keys and clients, times and numbers; keys and messages never.
 * All its keys begin with {@code caravan:}; they expire.
 *
 * <p>It needs {@code io.lettuce:lettuce-core} on the class path where a URL is set, and only there.
 */
public final class SharedLimits implements WindowSource, LedgerSource, AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final LongAdder givenAlone = new LongAdder();
  private String redisUrl = "";
  private Duration redisTimeout = Duration.ofMillis(500);
  private int replicas = 2;
  private ClusterTimings pace = ClusterTimings.USUAL;
  private RedisLink link;

  /** {@code redis://user:password@host:port/database}, or {@code rediss://}; blank is none. */
  public void setRedisUrl(String redisUrl) {
    this.redisUrl = redisUrl == null ? "" : redisUrl.strip();
  }

  /** How long Redis may take to answer before it counts as away; 500 ms by default. */
  public void setRedisTimeout(Duration redisTimeout) {
    this.redisTimeout = redisTimeout;
  }

  /**
   * With how many replicas a limit is shared by one that starts while Redis is away; 2 by default.
   * One that was in touch with Redis knows.
   */
  public void setReplicas(int replicas) {
    this.replicas = replicas;
  }

  void setPace(ClusterTimings pace) {
    this.pace = pace;
  }

  @Override
  public SharedWindow window(String name, int limit, int concurrency, long window, Time time) {
    SharedWindow requests =
        !isRedisConfigured() || limit == 0
            ? WindowSource.LOCAL.window(name, limit, concurrency, window, time)
            : new RedisWindow(link(), name, limit, window, replicas, pace, time, givenAlone)
                .start();
    return !isRedisConfigured() || concurrency == 0
        ? requests
        : new RedisCalls(link(), name, concurrency, requests, replicas, pace, time).start();
  }

  @Override
  public UsageLedger ledger(String file) {
    return isRedisConfigured() ? new RedisLedger(link()).start() : LedgerSource.LOCAL.ledger(file);
  }

  private RedisLink link() {
    lock.lock();
    try {
      if (link == null) {
        link = new RedisLink(redisUrl, redisTimeout, Time.system());
      }
      return link;
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "A Redis URL is set, but io.lettuce:lettuce-core is not on the class path", e);
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is a URL. */
  public boolean isRedisConfigured() {
    return !redisUrl.isEmpty();
  }

  /** Whether Redis is there; false too as long as nothing has needed it. */
  public boolean isRedisConnected() {
    lock.lock();
    try {
      return link != null && link.connected();
    } finally {
      lock.unlock();
    }
  }

  /** Permits that this replica gave without Redis, as it was away, since the start. */
  public long getGivenAlone() {
    return givenAlone.sum();
  }

  /** After what uses it. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (link != null) {
        link.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
