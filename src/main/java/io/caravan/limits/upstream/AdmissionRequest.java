package io.caravan.limits.upstream;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One client request that waits for permits, for all its attempts at all providers. {@link
 * #cancel()} ends every wait, from any thread.
 */
public final class AdmissionRequest {
  private final String session;
  private final boolean subagent;
  private final Duration maxWait;
  private final Set<Runnable> waits = ConcurrentHashMap.newKeySet();
  private volatile boolean cancelled;

  /**
   * Makes a request.
   *
   * @param session the session whose turn it takes: Claude Code's {@code X-Claude-Code-Session-Id},
   *     with the client's id before it where clients are distinguished; null is one session for all
   *     clients that sent none
   * @param subagent true if it comes after its session's interactive turns: there is an {@code
   *     x-claude-code-agent-id}
   * @param maxWait the longest wait, or null for the {@link Admission}'s own
   */
  public AdmissionRequest(String session, boolean subagent, Duration maxWait) {
    this.session = session == null ? "" : session;
    this.subagent = subagent;
    this.maxWait = maxWait;
  }

  /** Returns the session whose turn it takes. */
  String session() {
    return session;
  }

  /** Returns whether it comes after its session's interactive turns. */
  boolean subagent() {
    return subagent;
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
