package io.caravan.translate.response;

import java.util.Locale;

/**
 * What an answer can lose on its way to the client; each is told once an answer. The names are a
 * fixed vocabulary for log and metric, explained in docs/operate.md.
 */
public enum AnswerLoss {
  /** Reasoning that the client did not ask for. */
  THINKING,
  /** Reasoning that came twice: in a field of its own, and in tags inside the content. */
  THINKING_REPEATED,
  /** A closing {@code </think>} without an opening one. */
  THINK_TAG,
  /** Encrypted reasoning that came too late to go out with anything. */
  REASONING_DETAILS,
  /** White space between blocks. */
  WHITE_SPACE,
  /** The upstream repeated the beginning of the answer that the client had given. */
  PREFILL_ECHO,
  /** Arguments that were sent a second time. */
  TOOL_CALL_REPEATED,
  /** A further call where the client allows but one a turn. */
  TOOL_CALL_EXTRA,
  /** A call whose arguments had only begun when the answer was cut off. */
  TOOL_CALL_UNFINISHED,
  /** A piece of a call that has neither name nor arguments. */
  TOOL_CALL_EMPTY,
  /** What followed the end of a call's arguments. */
  TOOL_ARGUMENTS_TAIL,
  /** Line breaks or backslashes in a call's arguments that JSON doesn't allow; repaired. */
  TOOL_ARGUMENTS_REPAIRED,
  /** A finish reason of unknown meaning, taken for a natural end. */
  FINISH_REASON,
  /** Usage that can't be true; an estimate stands in its place. */
  USAGE,
  /** A failure reported after the answer had ended. */
  LATE_FAILURE;

  /** The name in log and metric. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
