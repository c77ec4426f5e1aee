package io.caravan.exchange;

import io.caravan.anthropic.PassThroughMessage;
import io.caravan.anthropic.Usage;

/** The answer of an upstream that speaks the Messages API itself, as it passes. One an attempt. */
public final class PassThroughAnswer {
  private Usage usage;
  private boolean complete;
  private byte[] message;
  private PassThroughMessage gathered;

  /** Takes what an event says of tokens: what comes later counts, where it says anything. */
  public void used(Usage more) {
    if (more == null) {
      return;
    }
    Usage before = usage == null ? new Usage(0, 0, 0, 0, 0) : usage;
    usage =
        new Usage(
            later(before.inputTokens(), more.inputTokens()),
            later(before.outputTokens(), more.outputTokens()),
            later(before.cacheReadInputTokens(), more.cacheReadInputTokens()),
            later(before.cacheCreationInputTokens(), more.cacheCreationInputTokens()),
            0);
  }

  private static long later(long before, long after) {
    return after < 0 ? before : after;
  }

  /** What puts the events of a stream together beside passing them; null where nobody wants it. */
  public PassThroughMessage gathered() {
    return gathered;
  }

  /** Sets what puts the events together. */
  public void gather(PassThroughMessage into) {
    gathered = into;
  }

  /** The last event has come. */
  public void completed() {
    complete = true;
  }

  /** The whole message has come, to a call that doesn't stream. */
  public void completed(byte[] whole) {
    message = whole;
    complete = true;
  }

  public boolean isComplete() {
    return complete;
  }

  /** The whole message as JSON, or null where it was streamed. */
  public byte[] message() {
    return message;
  }

  /** Null where the upstream has told nothing. */
  public Usage usage() {
    return usage;
  }
}
