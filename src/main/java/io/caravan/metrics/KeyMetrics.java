package io.caravan.metrics;

import io.caravan.camel.ContextBean;
import io.caravan.observe.RequestListener;
import io.caravan.observe.RequestRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts requests, tokens and dollars by the names of client keys, where that is switched on. A key
 * is a series for each, so their number is bounded: further keys are {@code other}.
 */
public final class KeyMetrics extends ContextBean implements RequestListener {
  private final Meters meters = new Meters();
  private final Counters requests =
      new Counters("caravan_key_requests", "Requests by client key", "key", "outcome");
  private final Counters tokens =
      new Counters("caravan_key_tokens", "Tokens by client key", "key", "kind");
  private final Counters costs =
      new Counters("caravan_key_cost_dollars", "Price of tokens by client key", "key");
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private boolean enabled;
  private int maxKeys = 1_000;

  /** Sets whether keys are counted (default false). */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** Sets the most keys that have series of their own. */
  public void setMaxKeys(int maxKeys) {
    this.maxKeys = maxKeys;
  }

  @Override
  public void ended(RequestRecord request) {
    MeterRegistry registry = enabled ? meters.of(getCamelContext()) : null;
    if (registry == null) {
      return;
    }
    String key = label(request.caller().key());
    requests.add(registry, 1, key, request.ending().outcome());
    RequestRecord.Tokens used = request.tokens();
    if (used != null) {
      tokens.addAny(registry, used.input(), key, "input");
      tokens.addAny(registry, used.output(), key, "output");
      tokens.addAny(registry, used.cacheRead(), key, "cache_read");
      tokens.addAny(registry, used.cacheCreation(), key, "cache_creation");
    }
    if (request.nanodollars() != null) {
      costs.add(registry, request.nanodollars() / 1e9, key);
    }
  }

  private String label(String key) {
    if (key.isEmpty()) {
      return "none";
    }
    if (known.contains(key)) {
      return key;
    }
    return known.size() < maxKeys && known.add(key) ? key : "other";
  }
}
