package io.caravan.limits.upstream;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The upstreams' limits, one {@link Admission} for each key of a provider. They are kept here and
 * not in the provider's route, so that the requests already made still count after an edit of the
 * route.
 */
public final class Admissions implements AutoCloseable {
  private final Map<String, Limited> byProvider = new ConcurrentHashMap<>();
  private WindowSource shared = WindowSource.LOCAL;
  private AdmissionListener listener = AdmissionListener.NONE;
  private Duration window = Duration.ofMinutes(1);
  private Duration margin = Duration.ofMillis(500);

  private record Limited(int requestsPerWindow, int maxConcurrency, Admission admission) {
    boolean is(int requests, int concurrency) {
      return requestsPerWindow == requests && maxConcurrency == concurrency;
    }
  }

  /** Sets the source of the windows; by default they are this process' own. */
  public void setShared(WindowSource shared) {
    this.shared = shared;
  }

  /** Sets the listener that shows queues and permits. */
  public void setMetrics(AdmissionListener metrics) {
    this.listener = metrics;
  }

  /** Sets the length of the rolling window in milliseconds; a minute by default. */
  public void setWindowMillis(long windowMillis) {
    this.window = Duration.ofMillis(windowMillis);
  }

  /**
   * Sets the milliseconds that are added to the window; 500 by default. The upstream counts calls
   * when they arrive, and one may be longer on its way than the next.
   */
  public void setMarginMillis(long marginMillis) {
    this.margin = Duration.ofMillis(marginMillis);
  }

  /**
   * Returns the limits of a provider. If they have changed since the last call (its route was
   * edited), waiting requests are refused with {@link
   * io.caravan.limits.upstream.AdmissionRefused.Reason#CLOSED} and may ask again. A window that
   * replicas share continues in Redis; otherwise a new one begins.
   */
  public Admission of(String provider, int requestsPerWindow, int maxConcurrency) {
    Limited known = byProvider.get(provider);
    if (known != null && known.is(requestsPerWindow, maxConcurrency)) {
      return known.admission();
    }
    AtomicReference<Limited> replaced = new AtomicReference<>();
    Admission admission =
        byProvider
            .compute(
                provider,
                (name, old) -> {
                  if (old != null && old.is(requestsPerWindow, maxConcurrency)) {
                    return old;
                  }
                  replaced.set(old);
                  return create(name, requestsPerWindow, maxConcurrency);
                })
            .admission();
    // Outside: both may call Redis, and requests for other providers must not wait for that.
    if (replaced.get() != null) {
      replaced.get().admission().close();
    }
    admission.start();
    listener.inUse(provider, this, shared);
    return admission;
  }

  /** Returns how long a call would wait; zero if the key has had no limits so far. */
  public Duration predictedWait(String key, AdmissionRequest request) {
    Limited known = byProvider.get(key);
    return known == null ? Duration.ZERO : known.admission().predictedWait(request);
  }

  /** Returns the present limits of all keys that have been used, by their names. */
  public Map<String, Admission> all() {
    Map<String, Admission> all = new TreeMap<>();
    byProvider.forEach((key, limited) -> all.put(key, limited.admission()));
    return all;
  }

  /** Returns the present limits of a provider that has been called. */
  public Admission current(String provider) {
    return byProvider.get(provider).admission();
  }

  private Limited create(String provider, int requestsPerWindow, int maxConcurrency) {
    Admission admission = new Admission();
    admission.setName(provider);
    admission.setRequestsPerMinute(requestsPerWindow);
    admission.setMaxConcurrency(maxConcurrency);
    admission.setWindow(window);
    admission.setMargin(margin);
    admission.setShared(shared);
    return new Limited(requestsPerWindow, maxConcurrency, admission);
  }

  @Override
  public void close() {
    byProvider.values().forEach(limited -> limited.admission().close());
  }
}
