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
 * The works of an {@link Admission}: whoever comes stands in the fair queue; whenever something may
 * have made room, the window is asked for one permit, and the first in the queue gets it.
 *
 * <p>The window is asked before the turn is dealt out, and outside the lock, as the answer may come
 * over a network: so the permit goes to whoever is first when it arrives.
 */
final class AdmissionQueue {
  private static final Logger LOG = LoggerFactory.getLogger(AdmissionQueue.class);

  /** How much the latest call counts in the mean time that calls take. */
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

  /** Whether the window is being asked: by one thread at a time. */
  private boolean asking;

  /** Whether room was made while the window was being asked: its answer may be too old. */
  private boolean again;

  /** Whether the window has said to ask again at {@link #nextTry}. */
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

  /** Stands the request in the queue; the waiter's outcome tells what came of it. */
  PendingRequest enter(AdmissionRequest request, Duration maxWait) {
    PendingRequest waiter = new PendingRequest(request, time.nanoTime());
    AdmissionRefused refusal;
    lock.lock();
    try {
      refusal = refusal(request, maxWait.toNanos());
      if (refusal == null) {
        queue.add(request.session(), request.subagent(), waiter);
        window.waiting(queue.size());
      }
    } finally {
      lock.unlock();
    }
    if (refusal == null) {
      waiter.cancelledBy(() -> cancel(waiter));
      pump();
      // The time that the window takes to answer is not time in the queue.
      Duration atLeast = window.answersWithin();
      Duration deadline = maxWait.compareTo(atLeast) > 0 ? maxWait : atLeast;
      waiter.expiredBy(() -> time.after(deadline.toNanos(), () -> expire(waiter)));
    } else {
      refused.increment();
      waiter.fail(refusal);
    }
    return waiter;
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
    return queue.ahead(request.session(), request.subagent());
  }

  /** The wait behind so many others: for the window, and for as many calls to end. */
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

  /** Lets through whom the limits allow. Whatever may have made room calls it, without the lock. */
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
      // All who waited have left while the window was asked.
      place.giveBack();
    } else {
      granted.increment();
      next.give(new Permit(this, place, next.since(), time.nanoTime()));
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

  /** Sees to it that the window is asked again when it has room. */
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

  /** The window has room earlier than it said. */
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

  private boolean leave(PendingRequest waiter) {
    AdmissionRequest request = waiter.request();
    lock.lock();
    try {
      boolean left = queue.remove(request.session(), request.subagent(), waiter);
      window.waiting(queue.size());
      return left;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the request out of the queue, if it still stands there. */
  void cancel(PendingRequest waiter) {
    if (leave(waiter)) {
      cancelled.increment();
      waiter.fail(new CancellationException("given up in the queue"));
    }
  }

  private void expire(PendingRequest waiter) {
    if (leave(waiter)) {
      refused.increment();
      long wait = predictedWait(waiter.request()).toNanos();
      waiter.fail(refused(AdmissionRefused.Reason.TIMED_OUT, wait));
    }
  }

  /** A call has ended, or (when it took no time worth counting: -1) was not made at all. */
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
    for (PendingRequest waiter : waiting) {
      refused.increment();
      waiter.fail(new AdmissionRefused(AdmissionRefused.Reason.CLOSED, name, Duration.ZERO));
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
