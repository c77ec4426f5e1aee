package io.caravan.http;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One clock for the timers of all open calls. At each tick, every call checks whether it has waited
 * too long. A blocked read can't watch itself, and a timer for each call would cost more than the
 * call.
 */
public final class Deadlines implements AutoCloseable {
  /** The time between two ticks, which is also the largest error of a timer. */
  private static final long TICK_MILLIS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private volatile ScheduledExecutorService clock;

  /** Starts the clock with the first call, as beans in YAML are created more than once. */
  private synchronized void start() {
    if (clock != null) {
      return;
    }
    clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "caravan-deadlines");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        clock.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    long now = System.nanoTime();
    for (Iterator<Watched> each = watched.iterator(); each.hasNext(); ) {
      try {
        each.next().check(now);
      } catch (RuntimeException | Error e) {
        // A failure of one call must not stop the clock of the others, and neither must an Error.
        each.remove();
        LOG.error("The timers of a call failed", e);
      }
    }
  }

  void add(Watched one) {
    if (clock == null) {
      start();
    }
    watched.add(one);
  }

  void remove(Watched one) {
    watched.remove(one);
  }

  void forEach(Consumer<Watched> action) {
    watched.forEach(action);
  }

  /** Returns how many are watched now. */
  public int size() {
    return watched.size();
  }

  @Override
  public synchronized void close() {
    if (clock != null) {
      clock.shutdownNow();
    }
  }

  /** An object with timers. */
  interface Watched {
    /**
     * Checks the timers. It must not block.
     *
     * @param now {@link System#nanoTime()}
     */
    void check(long now);
  }
}
