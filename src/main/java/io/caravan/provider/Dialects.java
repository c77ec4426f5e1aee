package io.caravan.provider;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * The dialects of the models in use. Each is resolved once, since that takes as long as writing a
 * small request. A provider file that is read again brings new beans, and with them new dialects.
 */
public final class Dialects {
  /**
   * The most dialects kept. Clients can name models at will, but those without a card share one
   * dialect.
   */
  private static final int KEPT = 1_000;

  private final Cache<Key, Dialect> dialects =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(KEPT).build();

  /** The identity of the beans, not their content: none of them overrides equals. */
  private record Key(Provider provider, ModelCard card, ModelCard learned) {}

  /**
   * Returns a dialect as {@link Dialect#of(Provider, ModelCard, ModelCard)} does. The beans must
   * not change afterwards.
   *
   * @param card the model's card, or null if it has none
   * @param learned facts from the upstream itself, or null
   */
  public Dialect of(Provider provider, ModelCard card, ModelCard learned) {
    return dialects.get(
        new Key(provider, card, learned), key -> Dialect.of(provider, card, learned));
  }
}
