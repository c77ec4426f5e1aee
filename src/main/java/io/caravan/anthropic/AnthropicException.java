package io.caravan.anthropic;

import java.time.Duration;

/**
 * A failure in the words in which the client is told of it. The message is written for the client
 * and has no secret.
 */
public class AnthropicException extends RuntimeException {
  private final ErrorType type;
  private final int status;
  private final Duration retryAfter;
  private final Boolean shouldRetry;

  public AnthropicException(ErrorType type, String message) {
    this(type, type.status(), message, null, null, null);
  }

  /**
   * @param status HTTP status where it differs from the type's own (405 as an
   *     invalid_request_error)
   * @param retryAfter for the header {@code retry-after}, or null
   * @param shouldRetry for the header {@code x-should-retry}, or null to leave it to the client
   * @param cause or null
   */
  public AnthropicException(
      ErrorType type,
      int status,
      String message,
      Duration retryAfter,
      Boolean shouldRetry,
      Throwable cause) {
    super(message, cause);
    this.type = type;
    this.status = status;
    this.retryAfter = retryAfter;
    this.shouldRetry = shouldRetry;
  }

  /** A request that is wrong in itself: repeating it is of no use. */
  public static AnthropicException invalid(String message) {
    return new AnthropicException(ErrorType.INVALID_REQUEST, message);
  }

  public ErrorType type() {
    return type;
  }

  public int status() {
    return status;
  }

  public Duration retryAfter() {
    return retryAfter;
  }

  public Boolean shouldRetry() {
    return shouldRetry;
  }
}
