package io.caravan.limits.upstream;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A strict rolling window: no window's length holds more permits than the limit. One process has it
 * for itself ({@link LocalWindow}), or replicas share it (Redis).
 *
 * <p>An {@link Admission} is its only user and asks for one permit at a time.
 */
public interface SharedWindow extends AutoCloseable {

  /**
   * Asks for one permit. The returned stage completes soon, with an answer and never with an error.
   * The thread that completes it must not be blocked.
   */
  CompletionStage<Answer> take();

  /**
   * Returns the expected time until that many more permits are free, in nanoseconds.
   *
   * @param places 1 for the next permit, 2 for the one after it
   */
  long forecastNanos(int places);

  /** Returns how many permits are in the window now. */
  int used();

  /** Returns how many permits fit; 0 is no limit. */
  int limit();

  /** Reports how many requests wait here, which improves other replicas' forecasts. */
  default void waiting(int requests) {}

  /** Returns how many calls of the same limit are under way at other replicas. */
  default int elsewhere() {
    return 0;
  }

  /** Sets the action to run when a permit may be free earlier than the last answer said. */
  default void onChange(Runnable listener) {}

  /** Returns the longest time that an answer takes. */
  default Duration answersWithin() {
    return Duration.ZERO;
  }

  @Override
  default void close() {}

  /**
   * The answer to {@link #take()}.
   *
   * @param place the permit's place in the window, or null if none is free now
   * @param waitNanos the time after which to ask again, if there is no place
   */
  record Answer(Place place, long waitNanos) {
    public static Answer given(Place place) {
      return new Answer(place, 0);
    }

    public static Answer later(long waitNanos) {
      return new Answer(null, waitNanos);
    }
  }

  /** A place in the window. */
  interface Place {
    /** Frees the place, for a permit with which nothing was sent upstream. */
    void giveBack();

    /**
     * Called when the permit's call has ended. The place stays taken until the window has passed.
     */
    default void ended() {}
  }
}
