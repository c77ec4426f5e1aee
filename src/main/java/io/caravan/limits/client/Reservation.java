package io.caravan.limits.client;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The estimated cost of a request, until the actual cost is known and charged. Closed without a
 * charge, the request costs nothing.
 */
public final class Reservation implements AutoCloseable {
  /** Settles the reservation with the account; called once. */
  interface Settlement {
    void settle(Cost actual);
  }

  private final Settlement settlement;
  private final AtomicBoolean settled = new AtomicBoolean();

  Reservation(Settlement settlement) {
    this.settlement = settlement;
  }

  /** Charges the actual cost in place of the estimate; only the first charge counts. */
  public void charge(Cost actual) {
    if (settled.compareAndSet(false, true)) {
      settlement.settle(actual);
    }
  }

  /**
   * Charges tokens without a price.
   *
   * @param actualTokens the tokens in and out
   */
  public void charge(long actualTokens) {
    charge(new Cost(actualTokens, 0));
  }

  @Override
  public void close() {
    charge(Cost.NONE);
  }
}
