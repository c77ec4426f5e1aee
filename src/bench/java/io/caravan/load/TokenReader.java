package io.caravan.load;

/** Finds the tokens in the body of a response, wherever the network has cut it. */
final class TokenReader {
  /** Gets each token as it comes. */
  interface Listener {
    void token(long number);
  }

  private static final int TAIL = 256;

  private final Listener listener;
  private final byte[] tail = new byte[TAIL];
  private long total;
  private long number;
  private int digitsLeft;

  TokenReader(Listener listener) {
    this.listener = listener;
  }

  void read(byte[] body, int from, int to) {
    for (int i = from; i < to; i++) {
      byte next = body[i];
      if (digitsLeft > 0) {
        number = number * 10 + (next - '0');
        if (--digitsLeft == 0) {
          listener.token(number);
        }
      } else if (next == '@') {
        number = 0;
        digitsLeft = Tokens.DIGITS;
      }
    }
    for (int i = Math.max(from, to - TAIL); i < to; i++) {
      tail[(int) ((total + i - from) % TAIL)] = body[i];
    }
    total += to - from;
  }

  /** Returns whether the last bytes that came have a text. */
  boolean endsWith(String text) {
    StringBuilder last = new StringBuilder();
    for (long i = Math.max(0, total - TAIL); i < total; i++) {
      last.append((char) tail[(int) (i % TAIL)]);
    }
    return last.indexOf(text) >= 0;
  }

  /** Returns the last bytes, for the description of a fault. */
  String tail() {
    StringBuilder last = new StringBuilder();
    for (long i = Math.max(0, total - TAIL); i < total; i++) {
      last.append((char) tail[(int) (i % TAIL)]);
    }
    return last.toString();
  }

  void reset() {
    total = 0;
    digitsLeft = 0;
  }
}
