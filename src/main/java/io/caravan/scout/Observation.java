package io.caravan.scout;

import java.util.List;
import java.util.Map;

/**
 * The outcome of one check.
 *
 * @param calls the calls that the upstream got for it; more than one if a part was refused
 * @param fault the failure, or null
 * @param text the text of the response
 * @param thought whether there was reasoning
 * @param toolCalls the tool calls, in their order
 * @param firstTokenMillis the time to the first token; 0 if there was none
 * @param tokensPerSecond the speed from the first token to the last; 0 if there were too few
 * @param cures what the upstream refused, and what the request became
 */
record Observation(
    int calls,
    Fault fault,
    String text,
    boolean thought,
    List<ToolCall> toolCalls,
    int firstTokenMillis,
    int tokensPerSecond,
    List<String> cures) {

  /**
   * A tool call.
   *
   * @param input the arguments; empty if they are no JSON object
   */
  record ToolCall(String name, Map<?, ?> input) {}

  /** Returns a call that failed. */
  static Observation failed(int calls, Fault fault) {
    return new Observation(calls, fault, "", false, List.of(), 0, 0, List.of());
  }
}
