package io.caravan.translate.response;

import java.util.function.ToLongFunction;

/**
 * Counts the tokens of a completion in case the upstream never reports them. Most do, at the very
 * end: so the text is kept and counted only then, or when much has been gathered.
 */
final class OutputTally {
  private static final int KEPT = 64 * 1024;

  private final ToLongFunction<String> counter;
  private final StringBuilder text = new StringBuilder();
  private long counted;

  OutputTally(ToLongFunction<String> counter) {
    this.counter = counter;
  }

  void add(String piece) {
    if (text.length() + piece.length() > KEPT && text.length() > 0) {
      count();
    }
    if (piece.length() > KEPT) {
      counted += counter.applyAsLong(piece);
    } else {
      text.append(piece);
    }
  }

  /** Returns the tokens of all text so far. */
  long total() {
    if (text.length() > 0) {
      count();
    }
    return counted;
  }

  private void count() {
    counted += counter.applyAsLong(text.toString());
    text.setLength(0);
  }
}
