package io.caravan.translate.request;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;

/**
 * A prompt does not fit the model's window, as far as the gateway knows the two. The upstream was
 * not asked.
 */
public final class WindowExceededException extends AnthropicException {
  WindowExceededException(String message) {
    super(ErrorType.INVALID_REQUEST, message);
  }
}
