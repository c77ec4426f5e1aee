package io.caravan.metrics;

import io.caravan.camel.ContextBean;
import io.caravan.observe.RequestListener;
import io.caravan.observe.RequestRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts requests, tokens and dollars by the names of client keys, where that is switched on. A key
 * is a series for each, so their number is bounded: further keys are {@code other}.
 */
public final class KeyMetrics extends ContextBean implements RequestListener {
  private final Meters meters = new Meters();
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
    Counter.builder("caravan_key_requests")
        .description("Requests by client key")
        .tag("key", key)
        .tag("outcome", request.ending().outcome())
        .register(registry)
        .increment();
    RequestRecord.Tokens tokens = request.tokens();
    if (tokens != null) {
      tokens(registry, key, "input", tokens.input());
      tokens(registry, key, "output", tokens.output());
      tokens(registry, key, "cache_read", tokens.cacheRead());
      tokens(registry, key, "cache_creation", tokens.cacheCreation());
    }
    if (request.nanodollars() != null) {
      Counter.builder("caravan_key_cost_dollars")
          .description("Price of tokens by client key")
          .tag("key", key)
          .register(registry)
          .increment(request.nanodollars() / 1e9);
    }
  }

  private static void tokens(MeterRegistry registry, String key, String kind, long tokens) {
    if (tokens > 0) {
      Counter.builder("caravan_key_tokens")
          .description("Tokens by client key")
          .tag("key", key)
          .tag("kind", kind)
          .register(registry)
          .increment((double) tokens);
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
