package io.caravan.exchange;

import io.caravan.anthropic.AnthropicException;
import io.caravan.json.RawJson;
import io.caravan.openai.UpstreamError;
import io.caravan.translate.error.Failure;

/**
 * Thrown if a call has failed before its first content. It holds the error for the client and the
 * decision whether to call again.
 */
public final class CallFailedException extends AnthropicException {
  private final transient Failure failure;
  private final transient UpstreamError error;

  /**
   * Makes an exception without details.
   *
   * @param failure the translated failure
   * @param error the upstream's error, or null if it sent none
   * @param cause the cause, or null
   */
  public CallFailedException(Failure failure, UpstreamError error, Throwable cause) {
    this(failure, error, null, cause);
  }

  /**
   * Makes an exception.
   *
   * @param failure the translated failure
   * @param error the upstream's error, or null if it sent none
   * @param details the error's {@code details} from an upstream that speaks the Messages API
   *     itself, or null
   * @param cause the cause, or null
   */
  public CallFailedException(
      Failure failure, UpstreamError error, RawJson details, Throwable cause) {
    super(
        failure.exception().type(),
        failure.exception().status(),
        failure.exception().getMessage(),
        failure.exception().retryAfter(),
        failure.exception().shouldRetry(),
        details,
        cause);
    this.failure = failure;
    this.error = error;
  }

  /** Returns the translated failure. */
  public Failure failure() {
    return failure;
  }

  /** Returns the upstream's error, or null if it sent none. */
  public UpstreamError error() {
    return error;
  }
}
