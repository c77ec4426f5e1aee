package io.caravan.load;

import java.nio.charset.StandardCharsets;

/**
 * The tokens of a load test: {@code @} and 18 digits and a space, 20 characters. The number is
 * either the token's place in its stream or the time at which it was sent, so that the other end
 * can compute its delay, through any gateway and in either protocol.
 */
final class Tokens {
  static final int DIGITS = 18;

  /** The origin of times, so that they are positive and short. */
  private static final long EPOCH = System.nanoTime();

  /** The limit between places and times; the first millisecond is thus not measured. */
  private static final long FIRST_TIME = 1_000_000;

  private Tokens() {}

  /** Returns the nanoseconds of the clock that tokens carry. */
  static long now() {
    return System.nanoTime() - EPOCH + FIRST_TIME;
  }

  static boolean isTime(long number) {
    return number >= FIRST_TIME;
  }

  static byte[] token(long number) {
    byte[] token = new byte[DIGITS + 2];
    write(number, token, 0);
    return token;
  }

  static void write(long number, byte[] into, int at) {
    into[at] = '@';
    long rest = number;
    for (int i = DIGITS; i > 0; i--) {
      into[at + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    into[at + DIGITS + 1] = ' ';
  }

  /** The order for a stream, which a client writes into its message. */
  record Order(int events, int intervalMicros) {
    private static final byte[] MARK = "order:".getBytes(StandardCharsets.US_ASCII);

    /** Returns the order as text, for example {@code order:200:50000;}. */
    String text() {
      return "order:" + events + ":" + intervalMicros + ";";
    }

    /** Finds the last order in a request body. */
    static Order in(byte[] body, int length) {
      for (int at = length - MARK.length; at >= 0; at--) {
        if (matches(body, at)) {
          int end = at;
          while (body[end] != ';') {
            end++;
          }
          String text = new String(body, at, end - at, StandardCharsets.US_ASCII);
          int colon = text.lastIndexOf(':');
          return new Order(
              Integer.parseInt(text, MARK.length, colon, 10),
              Integer.parseInt(text, colon + 1, text.length(), 10));
        }
      }
      return new Order(1, 0);
    }

    private static boolean matches(byte[] body, int at) {
      for (int i = 0; i < MARK.length; i++) {
        if (body[at + i] != MARK[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
