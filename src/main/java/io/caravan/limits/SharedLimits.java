package io.caravan.limits;

/** Stub. */
public final class SharedLimits {
  SharedWindow window(String name, int limit, long window, Time time) {
    return new LocalWindow(limit, window, time);
  }
}
