package io.caravan.anthropic;

import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
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
  private final transient RawJson details;

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
    this(type, status, message, retryAfter, shouldRetry, null, cause);
  }

  /**
   * @param details the error's {@code details}, a JSON object by whose {@code error_code} SDKs tell
   *     what happened; or null
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

  /** A request that is wrong in itself: repeating it is of no use. */
  public static AnthropicException invalid(String message) {
    return new AnthropicException(ErrorType.INVALID_REQUEST, message);
  }

  /**
   * A request that is wrong in a way that SDKs know by a code.
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

  /** The error's {@code details} as JSON, or null. */
  public RawJson details() {
    return details;
  }

  public Boolean shouldRetry() {
    return shouldRetry;
  }
}
