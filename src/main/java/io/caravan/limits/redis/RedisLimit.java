package io.caravan.limits.redis;

import io.caravan.limits.Time;
import io.caravan.limits.upstream.SharedWindow;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A limit that replicas share through Redis: one script, one channel, and the heartbeat of a
 * replica. Subclasses provide the script's arguments and read its reply.
 */
abstract class RedisLimit implements SharedWindow, RedisLink.Listener {
  private final Logger log = LoggerFactory.getLogger(getClass());
  private final RedisScript script;
  private final String key;
  final String me = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  final RedisLink link;
  final String name;
  final int limit;
  final ClusterTimings timings;
  final Time time;

  /** The lock of all fields below, and of those of subclasses. */
  final ReentrantLock lock = new ReentrantLock();

  private long count;

  /** True while Redis knows this replica. */
  boolean joined;

  boolean closed;

  /** True once the log says that this replica goes on alone. */
  boolean loggedAlone;

  volatile Runnable onChange = () -> {};

  /**
   * Makes a limit.
   *
   * @param kind the kind of the limit, for its key in Redis
   * @param name the name of the limit in Redis
   * @param limit the limit for all replicas together
   */
  RedisLimit(
      RedisScript script,
      RedisLink link,
      String kind,
      String name,
      int limit,
      ClusterTimings timings,
      Time time) {
    this.script = script;
    this.link = link;
    this.name = name;
    this.key = "caravan:" + kind + ":{" + name + "}";
    this.limit = limit;
    this.timings = timings;
    this.time = time;
  }

  /** Connects and starts the heartbeat. */
  final void listen() {
    link.listen(key, this);
    beatLater();
  }

  private void beatLater() {
    Runnable unused = time.after(timings.beat().toNanos(), this::beat);
  }

  private void beat() {
    boolean here;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      here = joined;
    } finally {
      lock.unlock();
    }
    sendBeat(here);
    beatLater();
  }

  /**
   * Reports to Redis that this replica is alive.
   *
   * @param here true if Redis knows it
   */
  abstract void sendBeat(boolean here);

  /** Runs one operation of the script. It must not be called under the lock. */
  abstract CompletionStage<?> send(String operation, List<String> ids);

  /** Returns the ids that Redis forgets when this replica leaves; called under the lock. */
  abstract List<String> ids();

  /** Returns an id that no other replica has; called under the lock. */
  final String nextId() {
    return me + ":" + count++;
  }

  /** Runs the script with the arguments of every script, then the settings and the ids. */
  final CompletionStage<List<Object>> run(
      String operation, List<String> settings, List<String> ids) {
    List<String> args = new ArrayList<>(List.of(operation, me, Integer.toString(limit)));
    args.addAll(settings);
    args.addAll(ids);
    return link.run(script, new String[] {key, key + ":replicas"}, args.toArray(String[]::new));
  }

  /** Returns the time after which the script must not run, by Redis' clock. */
  final String deadline() {
    return Long.toString(link.serverTime() + timings.late().toNanos() / 1000);
  }

  static String micros(long nanos) {
    return Long.toString(nanos / 1000);
  }

  @Override
  public void lost() {
    lock.lock();
    try {
      joined = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onChange(Runnable listener) {
    onChange = listener;
  }

  /** Leaves, so that the others need not reserve its share. */
  @Override
  public void close() {
    boolean here;
    List<String> ids;
    lock.lock();
    try {
      here = joined;
      joined = false;
      closed = true;
      ids = ids();
    } finally {
      lock.unlock();
    }
    link.ignore(key);
    if (here) {
      leave(ids);
    }
  }

  private void leave(List<String> ids) {
    try {
      send("leave", ids)
          .toCompletableFuture()
          .get(link.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.debug("The other replicas will notice by themselves that this one has left", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
