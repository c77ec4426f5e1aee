package io.caravan.translate.response;

/** The ways to treat a call whose arguments are no JSON object at the natural end of a message. */
public enum MalformedCall {
  /** The arguments are repaired if that is harmless; otherwise the message fails. */
  FAIL,
  /** As {@link #FAIL}, but a message of which no block has gone out is requested once more. */
  REPEAT_UNSENT,
  /** As {@link #FAIL}, but the message is requested once more: the client gets it as a whole. */
  REPEAT,
  /**
   * The arguments go out as they came. Claude Code then runs nothing, tells the model that they
   * could not be parsed, and goes on; to clients that parse leniently they would be empty ones.
   */
  PASS_ON
}
