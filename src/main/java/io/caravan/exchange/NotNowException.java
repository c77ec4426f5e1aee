package io.caravan.exchange;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import java.time.Duration;

/** Thrown if no model of the chain may be called now: each cools down or has an open circuit. */
public final class NotNowException extends AnthropicException {
  private final transient ModelChoice soonest;

  NotNowException(ModelChoice soonest, boolean limited, Duration wait) {
    super(
        limited ? ErrorType.RATE_LIMIT : ErrorType.OVERLOADED,
        (limited ? ErrorType.RATE_LIMIT : ErrorType.OVERLOADED).status(),
        message(soonest, limited, wait),
        wait,
        null,
        null);
    this.soonest = soonest;
  }

  private static String message(ModelChoice soonest, boolean limited, Duration wait) {
    long seconds = wait.plusNanos(999_999_999).toSeconds();
    return limited
        ? soonest.fullName()
            + " has asked for a pause; it may be called again in "
            + seconds
            + " s."
        : soonest.fullName() + " keeps failing; it will be tried again in " + seconds + " s.";
  }

  /** Returns the model that may be called first; {@link #retryAfter} is the time until then. */
  public ModelChoice soonest() {
    return soonest;
  }
}
