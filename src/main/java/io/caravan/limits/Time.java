package io.caravan.limits;

/** Time as the limits see it: a clock that never goes back, and tasks that run later. */
public interface Time {

  /**
   * Returns nanoseconds from an arbitrary origin, as {@link System#nanoTime()} does. Only
   * differences have a meaning.
   */
  long nanoTime();

  /**
   * Runs a task once, later, on a thread that all tasks share. The task must not block.
   *
   * @param nanos the delay from now; a task without a positive delay runs at once
   * @return an action that cancels the task
   */
  Runnable after(long nanos, Runnable task);

  /** Returns the machine's clock, with one daemon thread for the tasks of the whole process. */
  static Time system() {
    return SystemTime.INSTANCE;
  }
}
