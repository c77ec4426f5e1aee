package io.caravan.limits.upstream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to make one call upstream. It counts as a concurrent call until it is closed. Its place
 * in the rolling window stays taken until the window has passed, whatever the outcome of the call.
 */
public final class Permit implements AutoCloseable {
  private final AdmissionQueue queue;
  private final SharedWindow.Place place;
  private final long queuedAt;
  private final long givenAt;
  private final AtomicBoolean closed = new AtomicBoolean();

  Permit(AdmissionQueue queue, SharedWindow.Place place, long queuedAt, long givenAt) {
    this.queue = queue;
    this.place = place;
    this.queuedAt = queuedAt;
    this.givenAt = givenAt;
  }

  /** Returns how long the request was in the queue. */
  public Duration waited() {
    return Duration.ofNanos(givenAt - queuedAt);
  }

  /** Ends the call: its last byte has arrived, or it was aborted. Closing twice does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      place.ended();
      queue.released(queue.nanoTime() - givenAt);
    }
  }

  /** Gives the permit back without a call: the window's place is free again as well. */
  void unused() {
    if (closed.compareAndSet(false, true)) {
      place.giveBack();
      queue.released(-1);
    }
  }
}
