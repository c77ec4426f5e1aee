package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests that hold a worker. Platform threads are limited in number (Java 17): a request that
 * found none would wait without an answer, and so would all later ones.
 */
final class Workers {
  /** The part of the pool that requests leave to other work: one of 25, at least one. */
  private static final int RESERVE = 25;

  private final AtomicInteger busy = new AtomicInteger();
  private int size;

  /** Sets the size of the pool; 0 has no limit. */
  void setSize(int size) {
    this.size = size;
  }

  /**
   * Takes a worker for a request.
   *
   * @throws AnthropicException overloaded_error if there are too few; none is taken then
   */
  void take() {
    int most = size - Math.max(1, size / RESERVE);
    if (busy.incrementAndGet() > most && size > 0) {
      busy.decrementAndGet();
      throw new AnthropicException(
          ErrorType.OVERLOADED,
          ErrorType.OVERLOADED.status(),
          "All " + most + " workers of the gateway are busy; on Java 21 or later there is no limit",
          Duration.ofSeconds(2),
          null,
          null);
    }
  }

  void giveBack() {
    busy.decrementAndGet();
  }
}
