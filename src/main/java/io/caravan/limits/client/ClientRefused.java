package io.caravan.limits.client;

import java.time.Duration;

/**
 * Thrown if a client has used up what its key allows. The client gets 429 with {@code retry-after}.
 */
public final class ClientRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The limit that was reached. */
  public enum Reason {
    /** Requests a minute. */
    REQUESTS,
    /** Tokens a minute. */
    TOKENS,
    /** Tokens a day. */
    DAILY_TOKENS,
    /** Tokens a month. */
    MONTHLY_TOKENS,
    /** Dollars a day. */
    DAILY_USD,
    /** Dollars a month. */
    MONTHLY_USD,
    /** The request fits, but with all that the requests under way may still use it might not. */
    UNDER_WAY,
    /** The request alone exceeds a limit of the key, so it never fits. */
    TOO_LARGE;

    /** Returns whether a budget is used up, of a day or of a month. */
    public boolean isBudget() {
      return this == DAILY_TOKENS
          || this == MONTHLY_TOKENS
          || this == DAILY_USD
          || this == MONTHLY_USD;
    }
  }

  private final Reason reason;
  private final Duration retryAfter;

  ClientRefused(Reason reason, String limit, Duration retryAfter) {
    super(message(reason, limit), null, false, false);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  private static String message(Reason reason, String limit) {
    return switch (reason) {
      case REQUESTS, TOKENS -> "This key's limit of " + limit + " is reached";
      case DAILY_TOKENS, MONTHLY_TOKENS, DAILY_USD, MONTHLY_USD ->
          "This key's budget of " + limit + " (UTC) is used up";
      case UNDER_WAY ->
          "This key's requests that are under way may use up the rest of its "
              + limit
              + "; at such a time it may have one more at a time";
      case TOO_LARGE -> "The request costs more than the " + limit + " that this key may use";
    };
  }

  /** Returns the limit that was reached. */
  public Reason reason() {
    return reason;
  }

  /** Returns the time until such a request would be accepted; null if it never would be. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
