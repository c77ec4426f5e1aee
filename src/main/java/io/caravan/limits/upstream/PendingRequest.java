package io.caravan.limits.upstream;

import io.caravan.limits.Time;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** A request in an {@link AdmissionQueue}. */
public final class PendingRequest {
  private final AdmissionRequest request;
  private final long queuedAt;
  private final CompletableFuture<Permit> outcome = new CompletableFuture<>();
  private volatile Runnable onCancel;
  private volatile Runnable deadline;
  private volatile boolean abandoned;

  PendingRequest(AdmissionRequest request, long queuedAt) {
    this.request = request;
    this.queuedAt = queuedAt;
  }

  AdmissionRequest request() {
    return request;
  }

  /** Returns the {@link Time#nanoTime()} at which it joined the queue. */
  long queuedAt() {
    return queuedAt;
  }

  void cancelledBy(Runnable action) {
    onCancel = action;
    request.onCancel(action);
    if (outcome.isDone()) {
      cleanUp();
    }
  }

  /** Sets the deadline, unless the request's turn has come already. */
  void expiredBy(Supplier<Runnable> timer) {
    if (!outcome.isDone()) {
      deadline = timer.get();
    }
    if (outcome.isDone()) {
      cleanUp();
    }
  }

  private void cleanUp() {
    if (onCancel != null) {
      request.forget(onCancel);
    }
    if (deadline != null) {
      deadline.run();
    }
  }

  void give(Permit permit) {
    outcome.complete(permit);
    cleanUp();
    if (abandoned) {
      permit.unused();
    }
  }

  void fail(RuntimeException why) {
    outcome.completeExceptionally(why);
    cleanUp();
  }

  /** Gives back any permit, now or later, since the waiting thread was interrupted. */
  public void abandon() {
    abandoned = true;
    Permit given = granted() ? outcome.join() : null;
    if (given != null) {
      given.unused();
    }
  }

  /** Returns whether it has been given a permit. */
  public boolean granted() {
    return outcome.isDone() && !outcome.isCompletedExceptionally();
  }

  boolean done() {
    return outcome.isDone();
  }

  /** Waits for the request's turn. */
  public Permit await() throws InterruptedException {
    try {
      Permit permit = outcome.get();
      if (request.isCancelled()) {
        permit.unused();
        throw new CancellationException("The request was cancelled when its turn came");
      }
      return permit;
    } catch (ExecutionException e) {
      throw (AdmissionRefused) e.getCause();
    }
  }
}
