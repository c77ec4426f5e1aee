package io.caravan.limits.upstream;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A strict rolling window: never more permits in any window's length than the limit. One process
 * has it for itself ({@link LocalWindow}), or replicas share it (Redis).
 *
 * <p>It has one user, an {@link Admission}, which asks for one permit at a time.
 */
public interface SharedWindow extends AutoCloseable {

  /**
   * Asks for one permit. The stage always completes with an answer, soon, and never with an error;
   * the thread that completes it must not be blocked.
   */
  CompletionStage<Answer> take();

  /**
   * How long until so many more permits can be had, as far as is known, in nanoseconds.
   *
   * @param places 1 for the next permit, 2 for the one after it
   */
  long forecastNanos(int places);

  /** Permits in the window at present. */
  int used();

  /** Permits that fit; 0 is no limit. */
  int limit();

  /** Tells how many requests wait here: other replicas' forecasts are better for it. */
  default void waiting(int requests) {}

  /** Calls that are under way at other replicas, and count against the same limit. */
  default int elsewhere() {
    return 0;
  }

  /** Is run when a permit may be had earlier than was said. */
  default void onChange(Runnable listener) {}

  /** How long an answer may take. */
  default Duration answersWithin() {
    return Duration.ZERO;
  }

  @Override
  default void close() {}

  /**
   * What {@link #take()} came to.
   *
   * @param place the permit's place in the window, or null if there is none now
   * @param waitNanos without a place: when to ask again
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
    /** Makes the place free again: for permits with which nothing was sent upstream. */
    void giveBack();

    /** The call that it was for has ended. The place stays taken as long as the window is. */
    default void ended() {}
  }
}
