package io.caravan.launch;

/** Thrown if a command can't do its work; the message is for the user. */
final class LaunchException extends Exception {
  private static final long serialVersionUID = 1;

  LaunchException(String message) {
    super(message);
  }
}
