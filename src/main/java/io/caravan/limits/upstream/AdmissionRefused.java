package io.caravan.limits.upstream;

import java.time.Duration;

/**
 * The upstream's limits leave no room in time. Sent as 429 with {@code retry-after}, or as an
 * {@code overloaded_error} event where the response is open already.
 */
public final class AdmissionRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** Its turn would come later than it may wait: said at once, without a wait. */
    WAIT_TOO_LONG,
    /** Too many wait already. */
    QUEUE_FULL,
    /** It waited as long as it may, because others came before it after all. */
    TIMED_OUT,
    /** The gateway is going down. */
    CLOSED
  }

  private final Reason reason;
  private final Duration retryAfter;

  AdmissionRefused(Reason reason, String name, Duration retryAfter) {
    // It says how things are, not where a fault is: no stack trace.
    super(message(reason, name, retryAfter), null, false, false);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  private static String message(Reason reason, String name, Duration retryAfter) {
    long seconds = (retryAfter.toMillis() + 999) / 1000;
    return switch (reason) {
      case WAIT_TOO_LONG, TIMED_OUT ->
          "The request limit of " + name + " is used up; a place is free in " + seconds + " s";
      case QUEUE_FULL ->
          "Too many requests wait for " + name + "; a place is free in " + seconds + " s";
      case CLOSED -> "The gateway is shutting down";
    };
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** When its turn would come, as far as is known now. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
