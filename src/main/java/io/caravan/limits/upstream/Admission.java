package io.caravan.limits.upstream;

import io.caravan.limits.Time;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets requests through to one upstream key, never more than it allows: a strict rolling window of
 * requests, a cap on concurrent calls, and before them a fair queue with a bounded wait.
 *
 * <p>The window is exact, by the time of every permit. A token bucket of the same rate lets nearly
 * twice the limit through in a minute that begins with a full bucket, and the upstream answers 429.
 * Every attempt takes a permit of its own, retries too: the upstream counts them.
 *
 * <p>Set it up, then use it from any number of threads, platform or virtual. Settings do not change
 * once it is in use.
 */
public final class Admission implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();

  private String name = "upstream";
  private int requestsPerMinute;
  private int maxConcurrency;
  private int maxQueued = 1000;
  private Duration maxWait = Duration.ofMinutes(2);
  private Duration window = Duration.ofMinutes(1);
  private Duration margin = Duration.ofMillis(500);
  private WindowSource windows = WindowSource.LOCAL;
  private Time time = Time.system();

  /** Made out of the settings at first use. */
  private volatile AdmissionQueue gate;

  /**
   * The upstream key's name, in logs, error messages and (where shared) in Redis; never the key
   * itself. Replicas share the window of the same name.
   */
  public void setName(String name) {
    this.name = name;
  }

  /** Requests in any window; 0, the default, is no limit. */
  public void setRequestsPerMinute(int requestsPerMinute) {
    this.requestsPerMinute = requestsPerMinute;
  }

  /**
   * Calls at the same time, of all replicas where they share their limits; 0, the default, is no
   * limit.
   */
  public void setMaxConcurrency(int maxConcurrency) {
    this.maxConcurrency = maxConcurrency;
  }

  /** Requests that may wait; 1000 by default. */
  public void setMaxQueued(int maxQueued) {
    this.maxQueued = maxQueued;
  }

  /** The longest wait of a request that brings none of its own; 2 minutes by default. */
  public void setMaxWait(Duration maxWait) {
    this.maxWait = maxWait;
  }

  /** The window's length; 60 s by default. */
  public void setWindow(Duration window) {
    this.window = window;
  }

  /**
   * Added to the window, 500 ms by default. The upstream counts when requests arrive, not when they
   * were let go: one that had to open a connection first arrives later than one that found it open.
   */
  public void setMargin(Duration margin) {
    this.margin = margin;
  }

  /** Sets who makes the window; by default it is this process' own. */
  public void setShared(WindowSource shared) {
    this.windows = shared;
  }

  void setTime(Time time) {
    this.time = time;
  }

  /** Makes ready, as the first use does too. Where the window is shared, replicas meet here. */
  public void start() {
    gate();
  }

  /**
   * Waits for the request's turn and a permit. Close the permit when the call has ended.
   *
   * @throws AdmissionRefused if there is no permit in time; at once where that can be foreseen
   * @throws CancellationException if the request was given up by {@link AdmissionRequest#cancel()}
   * @throws InterruptedException if the waiting thread was interrupted; its place is free again
   */
  public Permit acquire(AdmissionRequest request) throws InterruptedException {
    return await(enter(request));
  }

  /**
   * The same with a longest wait for this time, unless the request brings one of its own.
   *
   * @see #acquire(AdmissionRequest)
   */
  public Permit acquire(AdmissionRequest request, Duration maxWait) throws InterruptedException {
    return await(enter(request, maxWait));
  }

  private Permit await(PendingRequest waiter) throws InterruptedException {
    try {
      return waiter.await();
    } catch (InterruptedException e) {
      gate().cancel(waiter);
      waiter.gone();
      throw e;
    }
  }

  public PendingRequest enter(AdmissionRequest request) {
    return enter(request, maxWait);
  }

  private PendingRequest enter(AdmissionRequest request, Duration longest) {
    return gate().enter(request, request.maxWait() == null ? longest : request.maxWait());
  }

  /** How long such a request would wait from now. */
  public Duration predictedWait(AdmissionRequest request) {
    return gate().predictedWait(request);
  }

  private AdmissionQueue gate() {
    AdmissionQueue made = gate;
    if (made != null) {
      return made;
    }
    lock.lock();
    try {
      if (gate == null) {
        gate = new AdmissionQueue(name, window(), maxConcurrency, maxQueued, time);
      }
      return gate;
    } finally {
      lock.unlock();
    }
  }

  private SharedWindow window() {
    long length = window.plus(margin).toNanos();
    return windows.window(name, requestsPerMinute, maxConcurrency, length, time);
  }

  /** Refuses those who wait and those who come; permits that were given stay good. */
  @Override
  public void close() {
    gate().close();
  }

  /** Requests that wait. */
  public int getQueued() {
    return gate().queued();
  }

  /** Calls under way. */
  public int getActive() {
    return gate().active();
  }

  /** Permits in the window at present, those of all replicas where it is shared. */
  public int getWindowUsed() {
    return gate().windowUsed();
  }

  /** Permits that fit into the window; 0 is no limit. */
  public int getWindowLimit() {
    return requestsPerMinute;
  }

  /** Permits given since the start. */
  public long getGranted() {
    return gate().granted.sum();
  }

  /** Requests refused since the start. */
  public long getRefused() {
    return gate().refused.sum();
  }

  /** Requests that were given up in the queue, since the start. */
  public long getCancelled() {
    return gate().cancelled.sum();
  }
}
