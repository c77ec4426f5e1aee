package io.caravan.limits.upstream;

import java.time.Duration;

/**
 * Thrown if the upstream's limits leave no room in time. The client gets 429 with {@code
 * retry-after}, or an {@code overloaded_error} event where the response is open already.
 */
public final class AdmissionRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The reason of a refusal. */
  public enum Reason {
    /** The request's turn would come later than it may wait; it is refused at once. */
    WAIT_TOO_LONG,
    /** Too many requests wait already. */
    QUEUE_FULL,
    /** The request has waited as long as it may, since others came before it after all. */
    TIMED_OUT,
    /** The gateway is shutting down. */
    CLOSED
  }

  private final Reason reason;
  private final Duration retryAfter;

  AdmissionRefused(Reason reason, String name, Duration retryAfter) {
    // Without a stack trace: a refusal is a state of the limits, not a fault of the code.
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

  /** Returns the reason of the refusal. */
  public Reason reason() {
    return reason;
  }

  /** Returns the time until the request's turn would come, as far as is known now. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
