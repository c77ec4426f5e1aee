package io.caravan.limits;

/** Time as the limits see it: a clock that never goes back, and tasks that run later. */
public interface Time {

  /** Nanoseconds from an arbitrary origin, as {@link System#nanoTime()}: only differences count. */
  long nanoTime();

  /**
   * Runs a task once, later, on a thread that all tasks share: it must not block.
   *
   * @param nanos from now; what is not positive runs at once
   * @return calls the task off when run
   */
  Runnable after(long nanos, Runnable task);

  /** The machine's own clock, with one daemon thread for the tasks of the whole process. */
  static Time system() {
    return SystemTime.INSTANCE;
  }
}
