package io.caravan.provider.learned;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.caravan.openai.UpstreamError;
import io.caravan.provider.Lifecycle;
import java.time.Duration;

/**
 * Remembers the models that their upstreams have ended: hosted NIM answers 410, "The model 'X' has
 * reached its end of life on DATE and is no longer available", and may list the model all the same.
 * That is forgotten after a day, and by a call that succeeds.
 */
public final class EndedModels {
  private static final int GONE = 410;
  private static final Duration KEPT = Duration.ofDays(1);

  private Cache<String, Lifecycle> ended = cache(Ticker.systemTicker());

  void setTicker(Ticker ticker) {
    ended = cache(ticker);
  }

  private static Cache<String, Lifecycle> cache(Ticker ticker) {
    return Caffeine.newBuilder()
        .executor(Runnable::run)
        .maximumSize(1_000)
        .expireAfterWrite(KEPT)
        .ticker(ticker)
        .build();
  }

  /**
   * Reads a failure.
   *
   * @param target the provider and model
   * @param error the upstream's error, or null
   */
  public void failed(String target, UpstreamError error) {
    if (error != null && error.status() == GONE) {
      ended.put(target, Lifecycle.endedBy(error.message()));
    }
  }

  /** Records that a call has succeeded. */
  public void succeeded(String target) {
    if (ended.getIfPresent(target) != null) {
      ended.invalidate(target);
    }
  }

  /** Returns the lifecycle of a model that has ended; null if it has not. */
  public Lifecycle of(String target) {
    return ended.getIfPresent(target);
  }
}
