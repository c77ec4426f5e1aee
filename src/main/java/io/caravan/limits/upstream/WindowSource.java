package io.caravan.limits.upstream;

import io.caravan.limits.Time;

/** Makes the rolling window of a provider: one of this process, or one that replicas share. */
public interface WindowSource {
  /** Windows of this process alone. */
  WindowSource LOCAL =
      (name, limit, concurrency, window, time) -> new LocalWindow(limit, window, time);

  /**
   * Makes a window.
   *
   * @param name the name under which replicas share it
   * @param limit requests in the window; 0 for any number
   * @param concurrency calls that all replicas together may have under way; 0 for any number
   * @param window the window's length in nanoseconds
   * @param time the clock
   */
  SharedWindow window(String name, int limit, int concurrency, long window, Time time);
}
