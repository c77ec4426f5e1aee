package io.caravan.metrics;

import io.caravan.camel.ContextBean;
import io.caravan.exchange.ModelChoice;
import io.caravan.limits.client.ClientRefused;
import io.caravan.limits.redis.SharedLimits;
import io.caravan.limits.upstream.Admission;
import io.caravan.limits.upstream.AdmissionListener;
import io.caravan.limits.upstream.Admissions;
import io.caravan.limits.upstream.Circuits;
import io.caravan.limits.upstream.WindowSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * Reports upstream calls and the use of their limits for {@code /observe/metrics}. As in {@link
 * RequestMetrics}, labels come from the configuration only.
 */
public final class UpstreamMetrics extends ContextBean implements AdmissionListener {
  private final Meters meters = new Meters();
  private final Set<String> watched = ConcurrentHashMap.newKeySet();

  /** Counts an attempt and its outcome, including one that was not made. */
  public void attempt(ModelChoice choice, String outcome) {
    MeterRegistry registry = meters.of(getCamelContext());
    if (registry != null) {
      Counter.builder("caravan_upstream_attempts")
          .description("Calls of upstreams, and models that were skipped, by outcome")
          .tag("provider", choice.provider().getName())
          .tag("model", choice.label())
          .tag("outcome", outcome)
          .register(registry)
          .increment();
    }
  }

  /** Records the time that a call waited for its provider's limits. */
  public void waited(String provider, Duration time) {
    MeterRegistry registry = meters.of(getCamelContext());
    if (registry != null) {
      Timer.builder("caravan_limit_wait")
          .description("Time in the queue before a provider's limits")
          .tag("provider", provider)
          .register(registry)
          .record(time);
    }
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
  public void inUse(String provider, Admissions admissions, WindowSource windows) {
    watch(provider, admissions);
    if (windows instanceof SharedLimits shared) {
      watch(shared);
    }
  }

  /** Registers gauges for the provider's queue and permits. */
  private void watch(String provider, Admissions admissions) {
    if (!isNew("limit " + provider)) {
      return;
    }
    gauge(provider, admissions, "caravan_limit_queued", "Calls that wait", Admission::getQueued);
    gauge(provider, admissions, "caravan_limit_permits", "Calls under way", Admission::getActive);
    gauge(
        provider,
        admissions,
        "caravan_limit_window_used",
        "Calls in the present window",
        Admission::getWindowUsed);
    gauge(
        provider,
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
      String provider,
      Admissions admissions,
      String name,
      String description,
      ToDoubleFunction<Admission> value) {
    MeterRegistry registry = meters.of(getCamelContext());
    if (registry != null) {
      Gauge.builder(name, admissions, all -> value.applyAsDouble(all.current(provider)))
          .description(description)
          .tag("provider", provider)
          .register(registry);
    }
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
