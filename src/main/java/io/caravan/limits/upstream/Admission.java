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

  /** The queue, made from the settings at first use. */
  private volatile AdmissionQueue queue;

  /**
   * Sets the upstream key's name, which appears in logs, error messages and (where shared) in
   * Redis; the key itself never does. Replicas share the window of the same name.
   */
  public void setName(String name) {
    this.name = name;
  }

  /** Sets the most requests in any window; 0, the default, is no limit. */
  public void setRequestsPerMinute(int requestsPerMinute) {
    this.requestsPerMinute = requestsPerMinute;
  }

  /**
   * Sets the most concurrent calls, counted over all replicas where they share their limits; 0, the
   * default, is no limit.
   */
  public void setMaxConcurrency(int maxConcurrency) {
    this.maxConcurrency = maxConcurrency;
  }

  /** Sets how many requests may wait; 1000 by default. */
  public void setMaxQueued(int maxQueued) {
    this.maxQueued = maxQueued;
  }

  /** Sets the longest wait of a request that brings none of its own; 2 minutes by default. */
  public void setMaxWait(Duration maxWait) {
    this.maxWait = maxWait;
  }

  /** Sets the window's length; 60 s by default. */
  public void setWindow(Duration window) {
    this.window = window;
  }

  /**
   * Sets the time that is added to the window; 500 ms by default. The upstream counts requests when
   * they arrive, not when they are sent: one that has to open a connection first arrives later than
   * one that finds it open.
   */
  public void setMargin(Duration margin) {
    this.margin = margin;
  }

  /** Sets the source of the window; by default the window is this process' own. */
  public void setShared(WindowSource shared) {
    this.windows = shared;
  }

  void setTime(Time time) {
    this.time = time;
  }

  /**
   * Prepares the queue and the window, as the first use does too. Where the window is shared, the
   * replica joins the others here.
   */
  public void start() {
    queue();
  }

  /**
   * Waits for the request's turn and a permit. Close the permit when the call has ended.
   *
   * @throws AdmissionRefused if no permit is free in time; thrown at once where that can be
   *     foreseen
   * @throws CancellationException if {@link AdmissionRequest#cancel()} was called
   * @throws InterruptedException if the waiting thread was interrupted; its place is free again
   */
  public Permit acquire(AdmissionRequest request) throws InterruptedException {
    return await(enter(request));
  }

  /**
   * Waits for the request's turn and a permit, as long as given unless the request brings a longest
   * wait of its own.
   *
   * @see #acquire(AdmissionRequest)
   */
  public Permit acquire(AdmissionRequest request, Duration maxWait) throws InterruptedException {
    return await(enter(request, maxWait));
  }

  private Permit await(PendingRequest pending) throws InterruptedException {
    try {
      return pending.await();
    } catch (InterruptedException e) {
      queue().cancel(pending);
      pending.abandon();
      throw e;
    }
  }

  /** Adds the request to the queue, and does not wait. */
  public PendingRequest enter(AdmissionRequest request) {
    return enter(request, maxWait);
  }

  private PendingRequest enter(AdmissionRequest request, Duration longest) {
    return queue().enter(request, request.maxWait() == null ? longest : request.maxWait());
  }

  /** Returns how long such a request would wait from now. */
  public Duration predictedWait(AdmissionRequest request) {
    return queue().predictedWait(request);
  }

  private AdmissionQueue queue() {
    AdmissionQueue made = queue;
    if (made != null) {
      return made;
    }
    lock.lock();
    try {
      if (queue == null) {
        queue = new AdmissionQueue(name, window(), maxConcurrency, maxQueued, time);
      }
      return queue;
    } finally {
      lock.unlock();
    }
  }

  private SharedWindow window() {
    long length = window.plus(margin).toNanos();
    return windows.window(name, requestsPerMinute, maxConcurrency, length, time);
  }

  /** Refuses waiting and later requests; permits that were given stay valid. */
  @Override
  public void close() {
    queue().close();
  }

  /** Returns how many requests wait. */
  public int getQueued() {
    return queue().queued();
  }

  /** Returns how many calls are under way. */
  public int getActive() {
    return queue().active();
  }

  /** Returns how many permits are in the window now, of all replicas where they share it. */
  public int getWindowUsed() {
    return queue().windowUsed();
  }

  /** Returns how many permits fit into the window; 0 is no limit. */
  public int getWindowLimit() {
    return requestsPerMinute;
  }

  /** Returns how many permits have been given since the start. */
  public long getGranted() {
    return queue().granted.sum();
  }

  /** Returns how many requests have been refused since the start. */
  long getRefused() {
    return queue().refused.sum();
  }

  /** Returns how many requests have been cancelled in the queue since the start. */
  long getCancelled() {
    return queue().cancelled.sum();
  }
}
