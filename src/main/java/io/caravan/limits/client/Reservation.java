package io.caravan.limits.client;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a request may cost its client, until it is known what it did. Charge it when it is known;
 * closed without a charge, the request has cost nothing.
 */
public final class Reservation implements AutoCloseable {
  /** Settles with the account: once. */
  interface Settlement {
    void settle(long actualTokens);
  }

  private final Settlement settlement;
  private final AtomicBoolean settled = new AtomicBoolean();

  Reservation(Settlement settlement) {
    this.settlement = settlement;
  }

  /**
   * Charges what the request has cost, in place of the estimate; the first charge counts.
   *
   * @param actualTokens in and out
   */
  public void charge(long actualTokens) {
    if (settled.compareAndSet(false, true)) {
      settlement.settle(Math.max(0, actualTokens));
    }
  }

  @Override
  public void close() {
    charge(0);
  }
}
