package io.caravan.limits.client;

import java.time.Duration;

/** A client has used up what its key allows. Sent as 429 with {@code retry-after}. */
public final class ClientRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Which limit. */
  public enum Reason {
    /** Requests a minute. */
    REQUESTS,
    /** Tokens a minute. */
    TOKENS,
    /** Tokens a day. */
    DAILY_TOKENS,
    /** This one request has more tokens than the key may use in a minute or a day: never fits. */
    TOO_LARGE
  }

  private final Reason reason;
  private final Duration retryAfter;

  ClientRefused(Reason reason, long limit, Duration retryAfter) {
    super(message(reason, limit), null, false, false);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  private static String message(Reason reason, long limit) {
    return switch (reason) {
      case REQUESTS -> "This key's limit of " + limit + " requests a minute is reached";
      case TOKENS -> "This key's limit of " + limit + " tokens a minute is reached";
      case DAILY_TOKENS -> "This key's budget of " + limit + " tokens a day (UTC) is used up";
      case TOO_LARGE -> "The request has more tokens than the " + limit + " that this key may use";
    };
  }

  /** Which limit. */
  public Reason reason() {
    return reason;
  }

  /** When such a request would be let through; null if it never would. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
