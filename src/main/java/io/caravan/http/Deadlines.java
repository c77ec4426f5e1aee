package io.caravan.http;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One clock for the timers of all open calls: each tick asks every call whether it has waited too
 * long. A blocked read can't watch itself, and a timer a call would cost more than the call.
 */
public final class Deadlines implements AutoCloseable {
  /** The coarsest error of any timer. */
  public static final long TICK_MILLIS = 100;

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private volatile ScheduledExecutorService clock;

  /** Only with the first call: beans in YAML are created more than once. */
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
      } catch (RuntimeException e) {
        // One call's trouble must not stop the clock of the others.
        each.remove();
      }
    }
  }

  public void add(Watched one) {
    if (clock == null) {
      start();
    }
    watched.add(one);
  }

  public void remove(Watched one) {
    watched.remove(one);
  }

  void forEach(Consumer<Watched> action) {
    watched.forEach(action);
  }

  /** How many are watched now. */
  public int size() {
    return watched.size();
  }

  @Override
  public synchronized void close() {
    if (clock != null) {
      clock.shutdownNow();
    }
  }

  /** Something that can wait too long. */
  public interface Watched {
    /**
     * Looks at its timers; must not block.
     *
     * @param now {@link System#nanoTime()}
     */
    void check(long now);
  }
}
