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
    /** The request fits, but with all that the requests under way may still use it might not. */
    UNDER_WAY,
    /** The request alone exceeds the key's tokens a minute or a day, so it never fits. */
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
      case UNDER_WAY ->
          "This key's requests that are under way may use up the rest of its "
              + limit
              + " tokens; at such a time it may have one more at a time";
      case TOO_LARGE -> "The request has more tokens than the " + limit + " that this key may use";
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
