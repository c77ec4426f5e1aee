package io.caravan.metrics;

import io.caravan.camel.ContextBean;
import io.caravan.exchange.ModelChoice;
import io.caravan.limits.client.ClientRefused;
import io.caravan.limits.redis.SharedLimits;
import io.caravan.limits.upstream.Admission;
import io.caravan.limits.upstream.AdmissionListener;
import io.caravan.limits.upstream.Admissions;
import io.caravan.limits.upstream.Circuits;
import io.caravan.limits.upstream.LearnedLimits;
import io.caravan.limits.upstream.WindowSource;
import io.caravan.provider.UpstreamKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * Reports upstream calls and the use of their limits for {@code /observe/metrics}. As in {@link
 * RequestMetrics}, labels come from the configuration only.
 */
public final class UpstreamMetrics extends ContextBean implements AdmissionListener {
  private final Meters meters = new Meters();
  private final Counters attempts =
      new Counters(
          "caravan_upstream_attempts",
          "Calls of upstreams, and models that were skipped, by outcome",
          "provider",
          "model",
          "outcome");
  private final Map<String, Timer> waits = new ConcurrentHashMap<>();
  private final Set<String> watched = ConcurrentHashMap.newKeySet();

  /** Counts an attempt and its outcome, including one that was not made. */
  public void attempt(ModelChoice choice, String outcome) {
    MeterRegistry registry = meters.of(getCamelContext());
    if (registry != null) {
      attempts.add(registry, 1, choice.provider().getName(), choice.label(), outcome);
    }
  }

  /** Records the time that a call waited for its provider's limits. */
  public void waited(String provider, Duration time) {
    MeterRegistry registry = meters.of(getCamelContext());
    if (registry != null) {
      waits.computeIfAbsent(provider, each -> wait(registry, each)).record(time);
    }
  }

  private static Timer wait(MeterRegistry registry, String provider) {
    return Timer.builder("caravan_limit_wait")
        .description("Time in the queue before a provider's limits")
        .tag("provider", provider)
        .register(registry);
  }

  /** Counts a client's request beyond the limits of its key. */
  public void clientRefused(ClientRefused.Reason reason) {
    MeterRegistry registry = meters.of(getCamelContext());
    if (registry != null) {
      Counter.builder("caravan_client_refused")
          .description("Requests beyond the limits of a client key")
          .tag("reason", reason.name().toLowerCase(Locale.ROOT))
          .register(registry)
          .increment();
    }
  }

  @Override
  public void inUse(String key, Admissions admissions, WindowSource windows) {
    watch(key, admissions);
    if (windows instanceof SharedLimits shared) {
      watch(shared);
    }
  }

  /** Registers gauges for the queue and the permits of a provider's key. */
  private void watch(String key, Admissions admissions) {
    if (!isNew("limit " + key)) {
      return;
    }
    gauge(key, admissions, "caravan_limit_queued", "Calls that wait", Admission::getQueued);
    gauge(key, admissions, "caravan_limit_permits", "Calls under way", Admission::getActive);
    gauge(
        key,
        admissions,
        "caravan_limit_window_used",
        "Calls in the present window",
        Admission::getWindowUsed);
    gauge(
        key,
        admissions,
        "caravan_limit_window_max",
        "Calls that a window may have; 0 for any number",
        Admission::getWindowLimit);
  }

  /** Returns true once for each meter, if there is a registry. */
  private boolean isNew(String what) {
    return meters.of(getCamelContext()) != null && watched.add(what);
  }

  private void gauge(
      String key,
      Admissions admissions,
      String name,
      String description,
      ToDoubleFunction<Admission> value) {
    MeterRegistry registry = meters.of(getCamelContext());
    if (registry != null) {
      Gauge.builder(name, admissions, all -> value.applyAsDouble(all.current(key)))
          .description(description)
          .tag("provider", provider(key))
          .tag("key", number(key))
          .register(registry);
    }
  }

  private static String provider(String key) {
    return key.replaceFirst("#\\d+$", "");
  }

  private static String number(String key) {
    int hash = key.lastIndexOf('#');
    return hash < 0 ? "1" : key.substring(hash + 1);
  }

  /** Registers a gauge for the state of the model's circuit. */
  public void watch(ModelChoice choice, Circuits circuits) {
    MeterRegistry registry = meters.of(getCamelContext());
    // A model that clients name without its being configured has no label of its own.
    if (registry != null && choice.isConfigured() && isNew("circuit " + choice.fullName())) {
      Gauge.builder("caravan_circuit_state", circuits, all -> all.state(choice.fullName()).level())
          .description("0 closed, 1 half open, 2 open")
          .tag("provider", choice.provider().getName())
          .tag("model", choice.label())
          .register(registry);
    }
  }

  /** Counts a key that an upstream has refused. */
  public void keyRefused(String provider) {
    MeterRegistry registry = meters.of(getCamelContext());
    if (registry != null) {
      Counter.builder("caravan_keys_refused")
          .description("Keys that upstreams have refused")
          .tag("provider", provider)
          .register(registry)
          .increment();
    }
  }

  /** Registers a gauge for the limit of a model that its refusals have shown. */
  public void learned(ModelChoice choice, UpstreamKey key, LearnedLimits limits, String target) {
    MeterRegistry registry = meters.of(getCamelContext());
    if (registry != null && choice.isConfigured() && isNew("learned " + target)) {
      Gauge.builder("caravan_limit_learned", limits, all -> all.calls(target))
          .description("Calls that a model takes in a window, as its refusals show; 0 if unknown")
          .tag("provider", choice.provider().getName())
          .tag("model", choice.label())
          .tag("key", key == null ? "1" : String.valueOf(key.number()))
          .register(registry);
    }
  }

  /** Registers meters for the connection to Redis and the permits given without it. */
  void watch(SharedLimits shared) {
    MeterRegistry registry = meters.of(getCamelContext());
    if (registry != null && shared.isRedisConfigured() && isNew("redis")) {
      Gauge.builder("caravan_redis_connected", shared, s -> s.isRedisConnected() ? 1 : 0)
          .description("1 if the Redis through which replicas share their limits is connected")
          .register(registry);
      FunctionCounter.builder("caravan_redis_away_permits", shared, SharedLimits::getGivenAlone)
          .description("Calls permitted by this replica's own share while Redis was unavailable")
          .register(registry);
    }
  }
}
