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
 * The limits that replicas share: the upstreams' limits and the clients' daily usage, through Redis
 * (6 or later) if a URL is set. Without one, each process has its own.
 *
 * <p>Redis holds names of upstream keys and clients, times and numbers; it never holds keys or
 * messages. All its entries begin with {@code caravan:}; they expire.
 *
 * <p>{@code io.lettuce:lettuce-core} must be on the class path if a URL is set, and only then.
 */
public final class SharedLimits implements WindowSource, LedgerSource, AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final LongAdder givenAlone = new LongAdder();
  private String redisUrl = "";
  private Duration redisTimeout = Duration.ofMillis(500);
  private int replicas = 2;
  private ClusterTimings timings = ClusterTimings.USUAL;
  private RedisLink link;

  /**
   * Sets the URL, {@code redis://user:password@host:port/database} or {@code rediss://}; blank is
   * none.
   *
   * @throws IllegalArgumentException if it has another form; the message does not quote it
   */
  public void setRedisUrl(String redisUrl) {
    this.redisUrl = redisUrl == null ? "" : redisUrl.strip();
    if (!this.redisUrl.matches("|redis[a-z+-]*://.+")) {
      throw new IllegalArgumentException(
          "the URL of Redis must begin with redis:// or rediss://, as redis://host:6379");
    }
  }

  /** Sets how long Redis may take to answer before it is unavailable; 500 ms by default. */
  public void setRedisTimeout(Duration redisTimeout) {
    this.redisTimeout = redisTimeout;
  }

  /**
   * Sets the number of replicas that one assumes if it starts while Redis is unavailable; 2 by
   * default. A replica that has been connected to Redis knows the number.
   */
  public void setReplicas(int replicas) {
    this.replicas = replicas;
  }

  void setTimings(ClusterTimings timings) {
    this.timings = timings;
  }

  @Override
  public SharedWindow window(String name, int limit, int concurrency, long window, Time time) {
    SharedWindow requests =
        !isRedisConfigured() || limit == 0
            ? WindowSource.LOCAL.window(name, limit, concurrency, window, time)
            : new RedisWindow(link(), name, limit, window, replicas, timings, time, givenAlone)
                .start();
    return !isRedisConfigured() || concurrency == 0
        ? requests
        : new RedisCalls(link(), name, concurrency, requests, replicas, timings, time).start();
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

  /** Returns whether there is a URL. */
  public boolean isRedisConfigured() {
    return !redisUrl.isEmpty();
  }

  /** Returns whether Redis is connected; false also as long as nothing has needed it. */
  public boolean isRedisConnected() {
    lock.lock();
    try {
      return link != null && link.connected();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many permits this replica has given without Redis since the start. */
  public long getGivenAlone() {
    return givenAlone.sum();
  }

  /** Closes the connection. Called after its users have been closed. */
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
