package io.caravan.anthropic;

import java.util.concurrent.ThreadLocalRandom;

/** Makes the ids of requests for the header {@code request-id} and for errors. */
public final class RequestIds {
  private static final char[] DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".toCharArray();
  private static final String PREFIX = "req_";
  private static final int TIME = 8;
  private static final int LENGTH = 24;

  private RequestIds() {}

  /**
   * Returns a new id in Anthropic's form: {@code req_} and 24 letters or digits. Ids of different
   * milliseconds sort by time; those of the same one differ in 95 random bits.
   */
  public static String next() {
    return of(System.currentTimeMillis());
  }

  static String of(long millis) {
    char[] id = new char[PREFIX.length() + LENGTH];
    PREFIX.getChars(0, PREFIX.length(), id, 0);
    long rest = millis;
    for (int i = PREFIX.length() + TIME - 1; i >= PREFIX.length(); i--) {
      id[i] = DIGITS[(int) (rest % DIGITS.length)];
      rest /= DIGITS.length;
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = PREFIX.length() + TIME; i < id.length; i++) {
      id[i] = DIGITS[random.nextInt(DIGITS.length)];
    }
    return new String(id);
  }
}
