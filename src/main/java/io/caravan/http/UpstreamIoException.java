package io.caravan.http;

import java.io.IOException;

/** A call that failed below HTTP: no connection, no answer, or an answer cut off. */
public final class UpstreamIoException extends RuntimeException {
  private final AbortReason reason;
  private final boolean answered;

  /**
   * Says what was going on when it failed.
   *
   * @param reason why this side broke it off, or null where the network or the upstream did
   * @param answered whether any byte of an answer had arrived
   */
  public UpstreamIoException(AbortReason reason, boolean answered, IOException cause) {
    super(reason == null ? String.valueOf(cause.getMessage()) : reason.name(), cause);
    this.reason = reason;
    this.answered = answered;
  }

  public AbortReason reason() {
    return reason;
  }

  public boolean answered() {
    return answered;
  }
}
