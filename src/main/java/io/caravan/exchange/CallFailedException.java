package io.caravan.exchange;

import io.caravan.anthropic.AnthropicException;
import io.caravan.json.RawJson;
import io.caravan.openai.UpstreamError;
import io.caravan.translate.error.Failure;

/**
 * A call that failed before its first content: what the client would be told, and whether to call
 * again.
 */
public final class CallFailedException extends AnthropicException {
  private final transient Failure failure;
  private final transient UpstreamError error;

  public CallFailedException(Failure failure, UpstreamError error, Throwable cause) {
    this(failure, error, null, cause);
  }

  /**
   * @param details those of an upstream that speaks the Messages API itself, or null
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

  public Failure failure() {
    return failure;
  }

  /** What the upstream said, or null where it said nothing. */
  public UpstreamError error() {
    return error;
  }
}
