package io.caravan.scout;

/** Thrown if the upstream refuses the account, so that every other call would fail, too. */
final class AccountRefused extends Exception {
  private static final long serialVersionUID = 1;

  AccountRefused(String message) {
    super(message);
  }
}
