package io.caravan.anthropic;

import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.time.Duration;

/**
 * A failure that is reported to the client. The message is written for the client and holds no
 * secret.
 */
public class AnthropicException extends RuntimeException {
  private final ErrorType type;
  private final int status;
  private final Duration retryAfter;
  private final Boolean shouldRetry;
  private final transient RawJson details;

  public AnthropicException(ErrorType type, String message) {
    this(type, type.status(), message, null, null, null);
  }

  /**
   * @param status the HTTP status if it differs from the type's own (405 as an
   *     invalid_request_error)
   * @param retryAfter the value of the header {@code retry-after}, or null
   * @param shouldRetry the value of the header {@code x-should-retry}, or null to leave the
   *     decision to the client
   * @param cause the cause, or null
   */
  public AnthropicException(
      ErrorType type,
      int status,
      String message,
      Duration retryAfter,
      Boolean shouldRetry,
      Throwable cause) {
    this(type, status, message, retryAfter, shouldRetry, null, cause);
  }

  /**
   * @param details the error's {@code details}, a JSON object whose {@code error_code} tells SDKs
   *     the reason; or null
   */
  protected AnthropicException(
      ErrorType type,
      int status,
      String message,
      Duration retryAfter,
      Boolean shouldRetry,
      RawJson details,
      Throwable cause) {
    super(message, cause);
    this.type = type;
    this.status = status;
    this.retryAfter = retryAfter;
    this.shouldRetry = shouldRetry;
    this.details = details;
  }

  /** Returns a failure for an invalid request. Repeating such a request is of no use. */
  public static AnthropicException invalid(String message) {
    return new AnthropicException(ErrorType.INVALID_REQUEST, message);
  }

  /**
   * Returns a failure for an invalid request that SDKs know by a code.
   *
   * @param errorCode the protocol's own word, as in {@code error.details.error_code}
   */
  public static AnthropicException invalid(String message, String errorCode) {
    RawJson details =
        new JsonWriter(64).beginObject().field("error_code", errorCode).endObject().finish();
    ErrorType type = ErrorType.INVALID_REQUEST;
    return new AnthropicException(type, type.status(), message, null, null, details, null);
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

  /** Returns the error's {@code details} as JSON, or null. */
  RawJson details() {
    return details;
  }

  public Boolean shouldRetry() {
    return shouldRetry;
  }
}
