package io.caravan.stage;

import io.caravan.limits.Admission;
import io.caravan.limits.SharedLimits;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The upstreams' limits, one {@link Admission} a provider. They live here and not in the provider's route, so that an
 * edit of the route doesn't forget which requests have been made.
 */
public final class Admissions implements AutoCloseable {
  private final Map<Limits, Admission> admissions = new ConcurrentHashMap<>();
  private SharedLimits shared;

  /** What replicas have in common; none by default. */
  public void setShared(SharedLimits shared) {
    this.shared = shared;
  }

  /** The limits of a provider; new ones begin with an empty window. */
  Admission of(String provider, int requestsPerMinute, int maxConcurrency, Duration maxWait) {
    return admissions.computeIfAbsent(
        new Limits(provider, requestsPerMinute, maxConcurrency, maxWait), this::create);
  }

  /** All of them by provider, for metrics. */
  Map<Limits, Admission> all() {
    return Map.copyOf(admissions);
  }

  private Admission create(Limits limits) {
    Admission admission = new Admission();
    admission.setName(limits.provider());
    admission.setRequestsPerMinute(limits.requestsPerMinute());
    admission.setMaxConcurrency(limits.maxConcurrency());
    admission.setMaxWait(limits.maxWait());
    if (shared != null) {
      admission.setShared(shared);
    }
    admission.start();
    return admission;
  }

  @Override
  public void close() {
    admissions.values().forEach(Admission::close);
  }

  /** What a provider's limits are. */
  record Limits(String provider, int requestsPerMinute, int maxConcurrency, Duration maxWait) {}
}
