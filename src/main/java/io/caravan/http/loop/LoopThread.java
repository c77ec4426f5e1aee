package io.caravan.http.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * The scheduler of one virtual thread. It hands the thread to the JDK's scheduler, except where an
 * event loop invites the thread to continue on it.
 *
 * <p>The invitation is for one wait only. So a thread that waits for a lock, a timer or another
 * socket leaves the loop, and the loop never waits for a thread that would need it.
 */
final class LoopThread implements Executor {
  private static final ThreadLocal<LoopThread> CURRENT = new ThreadLocal<>();

  private final Executor pool;

  /** The task that continues the thread. Threads that it starts inherit this scheduler. */
  private Runnable own;

  /** The event loop that is continuing the thread. Each loop sees at least what it has written. */
  private volatile Thread host;

  private volatile boolean onLoop;

  /** True while the thread's code takes an invitation. */
  private boolean welcome;

  /** True while the thread waits for what it is invited for. */
  private boolean invited;

  LoopThread(Executor pool) {
    this.pool = pool;
  }

  /** Returns the scheduler of the current thread, or null if it has another. */
  static LoopThread current() {
    return CURRENT.get();
  }

  /** Returns a task that runs with this scheduler as the current one. */
  Runnable running(Runnable task) {
    return () -> {
      CURRENT.set(this);
      task.run();
    };
  }

  @Override
  public void execute(Runnable task) {
    if (own == null) {
      own = task;
    }
    if (task != own) {
      pool.execute(task);
    } else if (invited && host == Thread.currentThread()) {
      host = null;
      onLoop = true;
      task.run();
    } else {
      onLoop = false;
      pool.execute(task);
    }
  }

  /**
   * Continues the thread on the calling event loop. It returns when the thread waits again. A
   * thread that does not wait yet is continued elsewhere.
   */
  void continueHere(Thread self) {
    host = Thread.currentThread();
    try {
      LockSupport.unpark(self);
    } finally {
      host = null;
    }
  }

  /** Returns whether the thread runs on an event loop. */
  boolean onLoop() {
    return onLoop;
  }

  /** Sets whether the thread may continue on an event loop from now on. */
  void setWelcome(boolean welcome) {
    this.welcome = welcome;
  }

  /** Waits, and accepts an invitation meanwhile if one is welcome and the stream trickles. */
  void park(Object blocker, boolean trickles) {
    invited = welcome && trickles;
    LockSupport.park(blocker);
    invited = false;
  }
}
