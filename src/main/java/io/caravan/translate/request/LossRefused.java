package io.caravan.translate.request;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;

/** Thrown in strict mode for a request that would lose something on its way to the model. */
public final class LossRefused extends AnthropicException {
  private final String losses;

  LossRefused(String message, String losses) {
    super(ErrorType.INVALID_REQUEST, message);
    this.losses = losses;
  }

  /** Returns the names of the losses: {@code image,top_k}. */
  public String losses() {
    return losses;
  }
}
