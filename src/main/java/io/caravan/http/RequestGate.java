package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import java.time.Duration;

/** The gate for new requests. Once it is closed, they are refused: the gateway is shutting down. */
public final class RequestGate {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private volatile boolean closed;

  RequestGate() {}

  /** Refuses new requests for good. */
  public void close() {
    closed = true;
  }

  boolean closed() {
    return closed;
  }

  AnthropicException refusal() {
    return new AnthropicException(
        ErrorType.OVERLOADED,
        ErrorType.OVERLOADED.status(),
        "The gateway is being stopped",
        RETRY_AFTER,
        null,
        null);
  }
}
