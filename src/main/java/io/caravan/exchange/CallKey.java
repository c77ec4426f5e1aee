package io.caravan.exchange;

import io.caravan.limits.upstream.LearnedLimits;
import io.caravan.openai.RateLimitHeaders;
import io.caravan.provider.Provider;
import io.caravan.provider.UpstreamKey;
import java.util.List;

/**
 * The key of one call, and the call's place in the limits that its model is known to have. Without
 * a choice, it is the provider's first key.
 */
public final class CallKey {
  private final Provider provider;
  private final UpstreamKey key;
  private final LearnedLimits.Place place;
  private RateLimitHeaders headers = RateLimitHeaders.NONE;

  /**
   * Makes the choice of a key.
   *
   * @param key the key, or null if the provider has none
   * @param place the place of the call, or null
   */
  public CallKey(Provider provider, UpstreamKey key, LearnedLimits.Place place) {
    this.provider = provider;
    this.key = key;
    this.place = place;
  }

  /** Returns the first key of a provider. */
  static CallKey firstOf(Provider provider) {
    List<UpstreamKey> keys = provider.keys();
    return new CallKey(provider, keys.isEmpty() ? null : keys.get(0), null);
  }

  /** Returns the key; null if the provider has none. */
  public UpstreamKey key() {
    return key;
  }

  /** Returns the place of the call; null if it has none. */
  public LearnedLimits.Place place() {
    return place;
  }

  /** Returns the name of the key's limits, which never holds the key itself. */
  public String name() {
    return key == null ? provider.getName() : key.name();
  }

  /** Returns the key as it is sent; null if there is none. */
  public String secret() {
    return key == null || provider.demonstration() ? provider.callKey() : key.secret();
  }

  /** Records that the call is sent. */
  void sent() {
    if (place != null) {
      place.sent();
    }
  }

  /** Reads the limits that an answer's headers name. */
  public void answered(RateLimitHeaders limits) {
    headers = limits;
    if (place != null && limits.reset() != null) {
      place.pause(limits.reset());
    }
  }

  /** Returns the limits that the headers of the answer have named. */
  public RateLimitHeaders headers() {
    return headers;
  }
}
