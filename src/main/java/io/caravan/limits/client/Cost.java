package io.caravan.limits.client;

/**
 * The part of a key's budgets that a request uses.
 *
 * @param tokens tokens, in and out
 * @param nanodollars their price in billionths of a dollar; 0 if the model has no price
 */
public record Cost(long tokens, long nanodollars) {
  /** No cost. */
  public static final Cost NONE = new Cost(0, 0);

  public Cost {
    tokens = Math.max(0, tokens);
    nanodollars = Math.max(0, nanodollars);
  }

  /** Returns the sum of two costs. */
  public Cost plus(Cost other) {
    return new Cost(tokens + other.tokens, nanodollars + other.nanodollars);
  }

  /** Returns a cost without a part of it. */
  Cost minus(Cost part) {
    return new Cost(tokens - part.tokens, nanodollars - part.nanodollars);
  }

  /** Returns the amount that a budget counts. */
  long of(Budget.Unit unit) {
    return unit == Budget.Unit.TOKENS ? tokens : nanodollars;
  }
}
