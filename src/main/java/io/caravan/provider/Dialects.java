package io.caravan.provider;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * The dialects of the models that are asked, each resolved once: it takes as long as writing a
 * small request. A provider file that is read again brings new beans, and with them new dialects.
 */
public final class Dialects {
  /** Clients can name models at will, but those without a card share one dialect. */
  private static final int KEPT = 1_000;

  private final Cache<Key, Dialect> dialects =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(KEPT).build();

  /** The beans themselves, not what they say: none of them overrides equals. */
  private record Key(Provider provider, ModelCard card, ModelCard learned) {}

  /**
   * As {@link Dialect#of(Provider, ModelCard, ModelCard)}; the beans must not change after.
   *
   * @param card null for a model that has none
   * @param learned what the upstream has said itself, or null
   */
  public Dialect of(Provider provider, ModelCard card, ModelCard learned) {
    return dialects.get(
        new Key(provider, card, learned), key -> Dialect.of(provider, card, learned));
  }
}
