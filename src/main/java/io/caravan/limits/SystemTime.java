package io.caravan.limits;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@link Time} of the machine. */
final class SystemTime implements Time {
  static final SystemTime INSTANCE = new SystemTime();
  private static final Logger LOG = LoggerFactory.getLogger(SystemTime.class);

  private final ScheduledThreadPoolExecutor scheduler;

  private SystemTime() {
    scheduler =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "caravan-limits-timer");
              thread.setDaemon(true);
              return thread;
            });
    // A cancelled deadline must not stay in memory until it would have been due.
    scheduler.setRemoveOnCancelPolicy(true);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Runnable after(long nanos, Runnable task) {
    ScheduledFuture<?> planned =
        scheduler.schedule(() -> guarded(task), nanos, TimeUnit.NANOSECONDS);
    return () -> planned.cancel(false);
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.error("A timed task of the limits failed", e);
    }
  }
}
