package io.caravan.exchange;

import io.caravan.observe.RequestRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The stages and calls upstream that a request has passed, for its record. Both have a bound, since
 * a route of an integrator's own may loop. Safe for use by several threads: a hedged request makes
 * two calls at once.
 */
public final class RequestTimeline {
  private static final int MOST = 200;

  private final Instant acceptedAt = Instant.now();
  private final long startedAt;
  private final List<RequestRecord.Call> calls = new ArrayList<>(1);
  private final List<RequestRecord.Stage> stages = new ArrayList<>();
  private volatile String route = "";
  private volatile long endedAt;

  RequestTimeline(long startedAt) {
    this.startedAt = startedAt;
  }

  /** Returns the time of the acceptance as a {@link System#nanoTime()}. */
  public long startedAt() {
    return startedAt;
  }

  /** Records the id of the route that serves the request. */
  void served(String id) {
    route = id == null ? "" : id;
  }

  /** Records the end of the response; later calls do nothing. */
  public void responseEnded() {
    if (endedAt == 0) {
      endedAt = System.nanoTime();
    }
  }

  /**
   * Records a stage that has been passed.
   *
   * @param start its start, as a {@link System#nanoTime()}
   * @param nanos its nanoseconds
   */
  public synchronized void passed(String stage, long start, long nanos) {
    if (stages.size() < MOST) {
      stages.add(new RequestRecord.Stage(stage, start - startedAt, nanos));
    }
  }

  /** Records a model that was not called. */
  public void skipped(ModelChoice choice, String outcome) {
    long now = System.nanoTime() - startedAt;
    add(
        new RequestRecord.Call(
            choice.provider().getName(), choice.model(), false, 0, null, outcome, null, now, 0));
  }

  /**
   * Records a call that has ended, or whose first content has come.
   *
   * @param start its start, as a {@link System#nanoTime()}
   * @param outcome {@code ok}, an error's type or another word of {@link RequestRecord.Call}
   * @param reason the kind of the failure, or null
   */
  public void called(Attempt attempt, long start, String outcome, String reason) {
    long now = System.nanoTime();
    ModelChoice choice = attempt.model();
    add(
        new RequestRecord.Call(
            choice.provider().getName(),
            choice.model(),
            attempt.isCalled(),
            attempt.reply().status(),
            attempt.reply().requestId(),
            outcome,
            reason,
            start - startedAt,
            now - start));
  }

  private synchronized void add(RequestRecord.Call call) {
    if (calls.size() < MOST) {
      calls.add(call);
    }
  }

  /** Returns the time of the acceptance. */
  public Instant acceptedAt() {
    return acceptedAt;
  }

  String route() {
    return route;
  }

  long totalNanos() {
    return (endedAt == 0 ? System.nanoTime() : endedAt) - startedAt;
  }

  synchronized List<RequestRecord.Call> calls() {
    return List.copyOf(calls);
  }

  /** Returns the stages so far, in the order of their ends. */
  public synchronized List<RequestRecord.Stage> stages() {
    return List.copyOf(stages);
  }
}
