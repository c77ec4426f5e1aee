package io.caravan.limits.upstream;

import io.caravan.limits.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue and the window of an {@link Admission}. Each request joins the fair queue. Whenever
 * there may be room, the queue asks the window for one permit, and the first request gets it.
 *
 * <p>The queue asks the window before it picks a request, and without holding the lock, since the
 * answer may come over a network: the permit goes to the request that is first when it arrives.
 */
final class AdmissionQueue {
  private static final Logger LOG = LoggerFactory.getLogger(AdmissionQueue.class);

  /** The weight of the latest call in the mean duration of calls. */
  private static final double LATEST = 0.2;

  private static final long AFTER_A_FAULT = Duration.ofSeconds(1).toNanos();

  final LongAdder granted = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder cancelled = new LongAdder();

  private final String name;
  private final SharedWindow window;
  private final int maxConcurrency;
  private final int maxQueued;
  private final Time time;

  private final ReentrantLock lock = new ReentrantLock();
  private final FairQueue<PendingRequest> queue = new FairQueue<>();
  private int active;
  private double meanHold;
  private boolean closed;

  /** True while a thread is asking the window; only one does at a time. */
  private boolean asking;

  /** True if room was made while the window was being asked: its answer may be outdated. */
  private boolean again;

  /** True if the window has said to ask again at {@link #nextTry}. */
  private boolean blocked;

  private long nextTry;
  private Runnable alarm;
  private long alarmAt;

  AdmissionQueue(String name, SharedWindow window, int maxConcurrency, int maxQueued, Time time) {
    this.name = name;
    this.window = window;
    this.maxConcurrency = maxConcurrency;
    this.maxQueued = maxQueued;
    this.time = time;
    window.onChange(this::sooner);
  }

  /** Adds the request to the queue; the pending request completes with a permit or a refusal. */
  PendingRequest enter(AdmissionRequest request, Duration maxWait) {
    PendingRequest pending = new PendingRequest(request, time.nanoTime());
    AdmissionRefused refusal;
    lock.lock();
    try {
      refusal = refusal(request, maxWait.toNanos());
      if (refusal == null) {
        queue.add(request.turn(), pending);
        window.waiting(queue.size());
      }
    } finally {
      lock.unlock();
    }
    request.entered();
    if (refusal == null) {
      pending.cancelledBy(() -> cancel(pending));
      pump();
      // The time that the window takes to answer is not time in the queue.
      Duration atLeast = window.answersWithin();
      Duration deadline = maxWait.compareTo(atLeast) > 0 ? maxWait : atLeast;
      pending.expiredBy(() -> time.after(deadline.toNanos(), () -> expire(pending)));
    } else {
      refused.increment();
      pending.fail(refusal);
    }
    return pending;
  }

  private AdmissionRefused refusal(AdmissionRequest request, long patience) {
    if (closed) {
      return new AdmissionRefused(AdmissionRefused.Reason.CLOSED, name, Duration.ZERO);
    }
    long predicted = predict(ahead(request));
    if (predicted > patience) {
      return refused(AdmissionRefused.Reason.WAIT_TOO_LONG, predicted);
    }
    return queue.size() >= maxQueued
        ? refused(AdmissionRefused.Reason.QUEUE_FULL, predict(queue.size()))
        : null;
  }

  private AdmissionRefused refused(AdmissionRefused.Reason reason, long nanos) {
    return new AdmissionRefused(reason, name, Duration.ofNanos(nanos));
  }

  private int ahead(AdmissionRequest request) {
    return queue.ahead(request.turn());
  }

  /** Returns the wait behind that many others: for the window, and for as many calls to end. */
  private long predict(int ahead) {
    long wait = window.forecastNanos(ahead + 1);
    int all = active + window.elsewhere();
    int toEnd = maxConcurrency == 0 ? 0 : all + ahead + 1 - maxConcurrency;
    return toEnd <= 0 ? wait : Math.max(wait, (long) (toEnd * meanHold / maxConcurrency));
  }

  Duration predictedWait(AdmissionRequest request) {
    lock.lock();
    try {
      return Duration.ofNanos(predict(ahead(request)));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives permits as long as the limits allow it. Called without the lock when there may be room.
   */
  private void pump() {
    while (mayAsk()) {
      CompletionStage<SharedWindow.Answer> answer = window.take();
      if (!answer.toCompletableFuture().isDone()) {
        answer.whenComplete(
            (value, fault) -> {
              settle(value, fault);
              pump();
            });
        return;
      }
      answer.whenComplete(this::settle);
    }
  }

  private boolean mayAsk() {
    lock.lock();
    try {
      if (asking || queue.size() == 0 || (maxConcurrency > 0 && active >= maxConcurrency)) {
        return false;
      }
      if (blocked && nextTry - time.nanoTime() > 0) {
        arm();
        return false;
      }
      blocked = false;
      asking = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void settle(SharedWindow.Answer answer, Throwable fault) {
    if (fault != null) {
      LOG.error("The window of {} failed", name, fault);
    }
    SharedWindow.Place place = fault == null ? answer.place() : null;
    if (place == null) {
      refusedByWindow(fault == null ? answer.waitNanos() : AFTER_A_FAULT);
      return;
    }
    PendingRequest next = next();
    if (next == null) {
      // All requests have left the queue while the window was asked.
      place.giveBack();
    } else {
      granted.increment();
      next.give(new Permit(this, place, next.queuedAt(), time.nanoTime()));
    }
  }

  private void refusedByWindow(long wait) {
    lock.lock();
    try {
      asking = false;
      blocked = !again;
      again = false;
      nextTry = time.nanoTime() + wait;
      if (blocked) {
        arm();
      }
    } finally {
      lock.unlock();
    }
  }

  private PendingRequest next() {
    lock.lock();
    try {
      asking = false;
      again = false;
      PendingRequest next = queue.poll();
      if (next != null) {
        active++;
        window.waiting(queue.size());
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Sets the timer that asks the window again when it has room. */
  private void arm() {
    if (alarm != null) {
      if (alarmAt - nextTry <= 0) {
        return;
      }
      alarm.run();
    }
    alarmAt = nextTry;
    alarm = time.after(nextTry - time.nanoTime(), this::rung);
  }

  private void rung() {
    lock.lock();
    try {
      alarm = null;
    } finally {
      lock.unlock();
    }
    pump();
  }

  /** Called when the window has room earlier than it said. */
  private void sooner() {
    lock.lock();
    try {
      blocked = false;
      again = asking;
    } finally {
      lock.unlock();
    }
    pump();
  }

  private boolean leave(PendingRequest pending) {
    lock.lock();
    try {
      boolean left = queue.remove(pending.request().turn(), pending);
      window.waiting(queue.size());
      return left;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the request out of the queue if it is still there. */
  void cancel(PendingRequest pending) {
    if (leave(pending)) {
      cancelled.increment();
      pending.fail(new CancellationException("The request was cancelled in the queue"));
    }
  }

  private void expire(PendingRequest pending) {
    if (leave(pending)) {
      refused.increment();
      long wait = predictedWait(pending.request()).toNanos();
      pending.fail(refused(AdmissionRefused.Reason.TIMED_OUT, wait));
    }
  }

  /**
   * Called when a call has ended.
   *
   * @param heldNanos how long the call lasted, or -1 if it was not made
   */
  void released(long heldNanos) {
    lock.lock();
    try {
      active--;
      if (heldNanos >= 0) {
        meanHold = meanHold == 0 ? heldNanos : meanHold + LATEST * (heldNanos - meanHold);
      }
    } finally {
      lock.unlock();
    }
    pump();
  }

  long nanoTime() {
    return time.nanoTime();
  }

  void close() {
    List<PendingRequest> waiting = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      waiting.addAll(queue.drain());
    } finally {
      lock.unlock();
    }
    for (PendingRequest pending : waiting) {
      refused.increment();
      pending.fail(new AdmissionRefused(AdmissionRefused.Reason.CLOSED, name, Duration.ZERO));
    }
    window.close();
  }

  int queued() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  int active() {
    lock.lock();
    try {
      return active;
    } finally {
      lock.unlock();
    }
  }

  int windowUsed() {
    return window.used();
  }
}
