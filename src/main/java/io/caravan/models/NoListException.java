package io.caravan.models;

/** Thrown if an upstream answers the request for its list of models with an error. */
final class NoListException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String location;

  NoListException(int status, String location) {
    super("HTTP " + status);
    this.status = status;
    this.location = location;
  }

  int status() {
    return status;
  }

  /** Returns the URL that it redirects to, or null. */
  String location() {
    return location;
  }
}
