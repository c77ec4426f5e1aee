package io.caravan.servertools;

/**
 * Thrown if a call can't be run. The message is the protocol's error code, such as {@code
 * max_uses_exceeded}: the client and the model get it as the call's result.
 */
public final class ServerToolException extends Exception {
  private static final long serialVersionUID = 1;

  /** Makes the failure of one call. */
  public ServerToolException(String code) {
    super(code, null, false, false);
  }
}
