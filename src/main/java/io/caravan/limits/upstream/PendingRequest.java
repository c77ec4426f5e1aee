package io.caravan.limits.upstream;

import io.caravan.limits.Time;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** A request in the queue of a {@link AdmissionQueue}. */
public final class PendingRequest {
  private final AdmissionRequest request;
  private final long since;
  private final CompletableFuture<Permit> outcome = new CompletableFuture<>();
  private volatile Runnable onCancel;
  private volatile Runnable deadline;
  private volatile boolean gone;

  PendingRequest(AdmissionRequest request, long since) {
    this.request = request;
    this.since = since;
  }

  AdmissionRequest request() {
    return request;
  }

  /** When it came, in {@link Time#nanoTime()}. */
  long since() {
    return since;
  }

  void cancelledBy(Runnable action) {
    onCancel = action;
    request.onCancel(action);
    if (outcome.isDone()) {
      cleanUp();
    }
  }

  /** Sets the deadline, unless its turn has come already. */
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
    if (gone) {
      permit.unused();
    }
  }

  void fail(RuntimeException why) {
    outcome.completeExceptionally(why);
    cleanUp();
  }

  /** The thread that waited was interrupted: a permit that still comes is of no use. */
  public void gone() {
    gone = true;
    Permit given = granted() ? outcome.join() : null;
    if (given != null) {
      given.unused();
    }
  }

  public boolean granted() {
    return outcome.isDone() && !outcome.isCompletedExceptionally();
  }

  boolean done() {
    return outcome.isDone();
  }

  /** Waits for its turn. */
  public Permit await() throws InterruptedException {
    try {
      Permit permit = outcome.get();
      if (request.isCancelled()) {
        permit.unused();
        throw new CancellationException("given up when its turn came");
      }
      return permit;
    } catch (ExecutionException e) {
      throw (AdmissionRefused) e.getCause();
    }
  }
}
