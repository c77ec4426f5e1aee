package io.caravan.translate.response;

import java.util.Locale;

/**
 * The parts of a completion that can be lost on the way to the client. Each is reported once for a
 * completion. The names are a fixed vocabulary for log and metric, explained in docs/operate.md.
 */
public enum AnswerLoss {
  /** Reasoning that the client did not ask for. */
  THINKING,
  /** Reasoning that came twice: in a field of its own, and in tags inside the content. */
  THINKING_REPEATED,
  /** A closing {@code </think>} without an opening one. */
  THINK_TAG,
  /** Encrypted reasoning that came too late to go out with a block. */
  REASONING_DETAILS,
  /** White space between blocks. */
  WHITE_SPACE,
  /** The beginning of the response, which the client had given and the upstream repeated. */
  PREFILL_ECHO,
  /** Arguments that were sent a second time. */
  TOOL_CALL_REPEATED,
  /** A further call, although the client allows only one a turn. */
  TOOL_CALL_EXTRA,
  /** A call whose arguments had only begun when the completion was cut off. */
  TOOL_CALL_UNFINISHED,
  /** A piece of a call that has neither name nor arguments. */
  TOOL_CALL_EMPTY,
  /** Text behind the end of a call's arguments. */
  TOOL_ARGUMENTS_TAIL,
  /** Arguments that are no JSON, which go out as they came to a client that reports them itself. */
  TOOL_ARGUMENTS_MALFORMED,
  /** Parts of a call's arguments that JSON doesn't allow; they are repaired. */
  TOOL_ARGUMENTS_REPAIRED,
  /** A finish reason of unknown meaning, which is treated as a natural end. */
  FINISH_REASON,
  /** Usage that can't be right; an estimate replaces it. */
  USAGE,
  /** A failure reported after the end of the completion. */
  LATE_FAILURE;

  /** Returns the name in log and metric. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
