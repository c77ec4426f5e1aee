package io.caravan.exchange;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import java.time.Duration;

/** Thrown if no model of the chain may be called now: each cools down or has an open circuit. */
public final class NotNowException extends AnthropicException {
  /** The longest wait for a client; a longer one is left to a person. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final transient ModelChoice soonest;
  private final PauseReason reason;

  NotNowException(ModelChoice soonest, PauseReason reason, Duration wait) {
    super(
        type(reason),
        type(reason).status(),
        message(soonest, reason, wait),
        wait,
        shouldRetry(wait),
        null);
    this.soonest = soonest;
    this.reason = reason;
  }

  private static Boolean shouldRetry(Duration wait) {
    return wait.compareTo(LONGEST) > 0 ? Boolean.FALSE : null;
  }

  private static ErrorType type(PauseReason reason) {
    return reason == PauseReason.FAILING ? ErrorType.OVERLOADED : ErrorType.RATE_LIMIT;
  }

  private static String message(ModelChoice soonest, PauseReason reason, Duration wait) {
    long seconds = wait.plusNanos(999_999_999).toSeconds();
    return soonest.fullName() + " " + reason.words() + seconds + " s.";
  }

  /** Returns why that model may not be called now. */
  public PauseReason reason() {
    return reason;
  }

  /** Returns the model that may be called first; {@link #retryAfter} is the time until then. */
  public ModelChoice soonest() {
    return soonest;
  }
}
