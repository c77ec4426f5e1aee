package io.caravan.http;

/** Thrown if the client has closed its connection. The request counts as 499, not as an error. */
public final class ClientGoneException extends RuntimeException {
  public ClientGoneException(String message) {
    super(message, null, false, false);
  }
}
