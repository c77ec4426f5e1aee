package io.caravan.limits.upstream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Leave to make one call upstream. It holds one of the concurrent calls until it is closed; its
 * place in the rolling window stays taken until the window has passed, whatever became of the call.
 */
public final class Permit implements AutoCloseable {
  private final AdmissionQueue gate;
  private final SharedWindow.Place place;
  private final long queuedAt;
  private final long givenAt;
  private final AtomicBoolean closed = new AtomicBoolean();

  Permit(AdmissionQueue gate, SharedWindow.Place place, long queuedAt, long givenAt) {
    this.gate = gate;
    this.place = place;
    this.queuedAt = queuedAt;
    this.givenAt = givenAt;
  }

  /** How long the request stood in the queue. */
  public Duration waited() {
    return Duration.ofNanos(givenAt - queuedAt);
  }

  /** The call has ended: its last byte is there, or it was aborted. Closing twice does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      place.ended();
      gate.released(gate.nanoTime() - givenAt);
    }
  }

  /** No call was made: the window's place is free again as well. */
  void unused() {
    if (closed.compareAndSet(false, true)) {
      place.giveBack();
      gate.released(-1);
    }
  }
}
