package io.caravan.http;

import java.io.IOException;

/** Thrown if a call failed below HTTP: no connection, no response, or a response cut off. */
public final class UpstreamIoException extends RuntimeException {
  private final AbortReason reason;
  private final boolean answered;

  /**
   * Makes an exception.
   *
   * @param reason the reason for which this side aborted the call; null if the network or the
   *     upstream ended it
   * @param answered true if any byte of a response had arrived
   */
  UpstreamIoException(AbortReason reason, boolean answered, IOException cause) {
    super(reason == null ? String.valueOf(cause.getMessage()) : reason.name(), cause);
    this.reason = reason;
    this.answered = answered;
  }

  /** Returns the reason for which this side aborted the call, or null. */
  public AbortReason reason() {
    return reason;
  }

  /** Returns whether any byte of a response had arrived. */
  public boolean answered() {
    return answered;
  }
}
