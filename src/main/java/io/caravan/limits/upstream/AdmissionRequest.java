package io.caravan.limits.upstream;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One client request that wants to go upstream, for all its attempts and all providers it is tried
 * at. Its {@link #cancel()} ends every wait, from any thread.
 */
public final class AdmissionRequest {
  private final String session;
  private final boolean subagent;
  private final Duration maxWait;
  private final Set<Runnable> waits = ConcurrentHashMap.newKeySet();
  private volatile boolean cancelled;

  /**
   * @param session whose turn it takes: Claude Code's {@code X-Claude-Code-Session-Id}, with the
   *     client's id before it where clients are told apart; null is one session for all who sent
   *     none
   * @param subagent whether it comes after its session's interactive turns: there is an {@code
   *     x-claude-code-agent-id}
   * @param maxWait the longest wait, or null for the {@link Admission}'s own
   */
  public AdmissionRequest(String session, boolean subagent, Duration maxWait) {
    this.session = session == null ? "" : session;
    this.subagent = subagent;
    this.maxWait = maxWait;
  }

  /** Whose turn it takes. */
  public String session() {
    return session;
  }

  /** Whether it comes after its session's interactive turns. */
  public boolean subagent() {
    return subagent;
  }

  /** The longest wait, or null. */
  public Duration maxWait() {
    return maxWait;
  }

  /** Gives up for good: places in queues are free at once, later attempts fail at once. */
  public void cancel() {
    cancelled = true;
    waits.forEach(Runnable::run);
  }

  /** Whether it was given up. */
  public boolean isCancelled() {
    return cancelled;
  }

  /** From here on {@link #cancel()} runs the action; it may be run twice. */
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
