package io.caravan.limits.upstream;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One client request that waits for permits, for all its attempts at all providers. {@link
 * #cancel()} ends every wait, from any thread.
 */
public final class AdmissionRequest {
  private final Turn turn;
  private final Duration maxWait;
  private final Runnable entered;
  private final Set<Runnable> waits = ConcurrentHashMap.newKeySet();
  private volatile boolean cancelled;

  /**
   * The place of a request among those that wait for a permit.
   *
   * @param tenant the name of the client's key; empty if clients are not distinguished
   * @param session the session: Claude Code's {@code X-Claude-Code-Session-Id}; empty is one
   *     session for all clients of the tenant that sent none
   * @param subagent true if it comes after its session's interactive turns: there is an {@code
   *     x-claude-code-agent-id}
   */
  public record Turn(String tenant, String session, boolean subagent) {
    /** The turn of calls without which a turn under way can't end; no key has its name. */
    static final Turn FIRST = new Turn("\u0000", "", false);

    public Turn {
      tenant = tenant == null ? "" : tenant;
      session = session == null ? "" : session;
    }
  }

  /**
   * Makes a request.
   *
   * @param maxWait the longest wait, or null for the {@link Admission}'s own
   */
  public AdmissionRequest(Turn turn, Duration maxWait) {
    this(turn, maxWait, () -> {});
  }

  private AdmissionRequest(Turn turn, Duration maxWait, Runnable entered) {
    this.turn = turn;
    this.maxWait = maxWait;
    this.entered = entered;
  }

  /**
   * Makes a request for a call without which a turn under way can't end. It goes before all new
   * turns: they would otherwise wait for the permits of turns that wait for theirs.
   *
   * @param entered is run once it is in a queue, or needs none; it may run twice
   */
  public static AdmissionRequest urgent(Runnable entered) {
    return new AdmissionRequest(Turn.FIRST, null, entered);
  }

  /** Reports that the request is in a queue, or needs none. */
  public void entered() {
    entered.run();
  }

  /** Returns whose turn it is. */
  Turn turn() {
    return turn;
  }

  /** Returns the longest wait, or null. */
  Duration maxWait() {
    return maxWait;
  }

  /** Cancels the request for good: it leaves its queues, and later attempts fail at once. */
  public void cancel() {
    cancelled = true;
    waits.forEach(Runnable::run);
  }

  /** Returns whether it was cancelled. */
  boolean isCancelled() {
    return cancelled;
  }

  /** Adds an action for {@link #cancel()} to run; it may run twice. */
  void onCancel(Runnable action) {
    waits.add(action);
    if (cancelled) {
      action.run();
    }
  }

  void forget(Runnable action) {
    waits.remove(action);
  }
}
