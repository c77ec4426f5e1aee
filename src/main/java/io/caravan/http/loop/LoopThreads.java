package io.caravan.http.loop;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes virtual threads that can continue on an event loop. The JDK has no public way to give a
 * virtual thread a scheduler yet, so this takes the internal one, which the jar's manifest opens;
 * without it there are no such threads.
 */
public final class LoopThreads {
  private static final Logger LOG = LoggerFactory.getLogger(LoopThreads.class);

  /** From this version on, a virtual thread leaves its carrier at a monitor as well. */
  private static final int FIRST_JAVA = 24;

  /** The JDK's own scheduler of virtual threads; null where it can't be had. */
  private static final Executor POOL = pool();

  /** Makes a virtual thread with a scheduler; null where there is no such method. */
  private static final Method MAKE = POOL == null ? null : maker();

  private LoopThreads() {}

  private static Executor pool() {
    if (Runtime.version().feature() < FIRST_JAVA) {
      return null;
    }
    try {
      Method scheduler =
          Class.forName("java.lang.VirtualThread").getDeclaredMethod("defaultScheduler");
      scheduler.setAccessible(true);
      return (Executor) scheduler.invoke(null);
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      LOG.debug("Virtual threads can't continue on event loops in this JVM", e);
      return null;
    }
  }

  private static Method maker() {
    try {
      Method make =
          Class.forName("java.lang.ThreadBuilders")
              .getDeclaredMethod(
                  "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
      make.setAccessible(true);
      return make;
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      LOG.debug("Virtual threads can't be given a scheduler in this JVM", e);
      return null;
    }
  }

  /** Returns whether this JVM can continue virtual threads on event loops. */
  public static boolean areThere() {
    return MAKE != null;
  }

  /**
   * Returns a factory of such threads, or null where there are none.
   *
   * @param prefix the beginning of their names, which a number follows
   */
  public static ThreadFactory factory(String prefix) {
    if (!areThere()) {
      return null;
    }
    AtomicLong number = new AtomicLong();
    return task -> make(prefix + number.getAndIncrement(), task);
  }

  private static Thread make(String name, Runnable task) {
    LoopThread scheduler = new LoopThread(POOL);
    try {
      return (Thread) MAKE.invoke(null, scheduler, name, 0, scheduler.running(task));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads from a {@link LoopSocket}. If the read has to wait, the thread may continue on the event
   * loop that brings the bytes, so it must not do anything slow until it has called {@link #leave}.
   */
  public static <T> T reading(Supplier<T> read) {
    LoopThread self = LoopThread.current();
    if (self == null) {
      return read.get();
    }
    self.setWelcome(true);
    try {
      return read.get();
    } finally {
      self.setWelcome(false);
    }
  }

  /** Moves the current thread off the event loop, if it is on one. */
  @SuppressWarnings("ThreadPriorityCheck")
  public static void leave() {
    LoopThread self = LoopThread.current();
    if (self != null && self.onLoop()) {
      Thread.yield();
    }
  }
}
