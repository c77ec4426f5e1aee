package io.caravan.http;

/**
 * The client has closed its connection: nobody is left to be answered. Counted as 499, not as an
 * error.
 */
public final class ClientGoneException extends RuntimeException {
  public ClientGoneException(String message) {
    super(message, null, false, false);
  }
}
