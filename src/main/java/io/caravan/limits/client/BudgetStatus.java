package io.caravan.limits.client;

import java.time.Instant;

/**
 * The use of one budget of a client.
 *
 * @param budget the budget
 * @param used what has been used of it, with the estimates of the requests under way
 * @param reset the end of its period
 */
public record BudgetStatus(Budget budget, long used, Instant reset) {
  /** Returns the part that is used, from 0 on; more than 1 where the last request went beyond. */
  public double utilization() {
    return (double) used / budget.limit();
  }
}
