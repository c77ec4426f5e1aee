package io.caravan.scout;

import java.util.List;

/**
 * The findings about a model that was tried.
 *
 * @param id the upstream's name of the model
 * @param verdict whether Claude Code can use it
 * @param reason the reason for the verdict; empty if it works
 * @param calls the calls that it took
 * @param firstTokenMillis the median time to the first token; 0 if unknown
 * @param tokensPerSecond the speed of a text; 0 if unknown
 * @param tools whether it calls tools; null if that was not found out
 * @param thinking whether it showed reasoning; null if that was not found out
 * @param contextWindow the tokens of its window; 0 if unknown
 * @param cures what it refused, and how that was cured
 */
record Result(
    String id,
    Verdict verdict,
    String reason,
    int calls,
    int firstTokenMillis,
    int tokensPerSecond,
    Boolean tools,
    Boolean thinking,
    int contextWindow,
    List<String> cures) {
  /** The use that Claude Code can make of a model. */
  enum Verdict {
    /** Every check succeeded at once. */
    WORKS,
    /** Every check succeeded, some only when repeated. */
    UNSTEADY,
    /** A check failed. */
    FAILS,
    /** The upstream allowed no calls of it. */
    LIMITED
  }

  Result {
    cures = List.copyOf(cures);
  }

  /** Returns the same result with the tokens of the model's window. */
  Result ofWindow(int tokens) {
    return new Result(
        id,
        verdict,
        reason,
        calls,
        firstTokenMillis,
        tokensPerSecond,
        tools,
        thinking,
        tokens,
        cures);
  }
}
