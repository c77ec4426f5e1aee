package io.caravan.tokens;

import io.caravan.json.Surrogates;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/** Counts the tokens of one text with bounded effort, whatever it contains. It keeps nothing. */
final class TextTokens {
  /**
   * The length in characters from which a text waits for a permit. A shorter one takes about a
   * millisecond.
   */
  private static final int LARGE = 32_768;

  /** The characters of a window. Of a sampled text only windows are counted. */
  static final int WINDOW = 512;

  /**
   * The characters for which there is one window. A quarter of the text is off by 2 to 9 % at the
   * 95th percentile.
   */
  static final int STRIDE = 2_048;

  /** The most windows of a text. */
  static final int WINDOWS = 1_024;

  private final LongRuns runs;
  private final Semaphore permits;
  private final LongAdder sampled = new LongAdder();

  /**
   * @param concurrency the number of threads that may count large texts at the same time
   */
  TextTokens(Vocabulary vocabulary, int concurrency) {
    this.runs = new LongRuns(vocabulary);
    this.permits = new Semaphore(concurrency);
  }

  /**
   * Returns the number of tokens. It is exact, except for runs of more than {@value LongRuns#LONG}
   * characters without a boundary.
   */
  int exact(String text) {
    // The upstream receives the repaired text, and jtokkit asserts that there is no half of a pair.
    String counted = Surrogates.repair(text);
    if (counted.length() < LARGE) {
      return clamp(runs.count(counted));
    }
    permits.acquireUninterruptibly();
    try {
      return clamp(runs.count(counted));
    } finally {
      permits.release();
    }
  }

  /** Returns an estimate from windows spread over the text. Short texts are counted whole. */
  int sampled(String text) {
    int length = text.length();
    if (length <= WINDOW) {
      return exact(text);
    }
    sampled.increment();
    int windows = Math.min(WINDOWS, (length + STRIDE - 1) / STRIDE);
    StringBuilder window = new StringBuilder(WINDOW);
    long tokens = 0;
    long seen = 0;
    for (int i = 0; i < windows; i++) {
      int slice = (int) ((long) length * (i + 1) / windows - (long) length * i / windows);
      int start = (int) ((long) length * i / windows) + Math.max(0, (slice - WINDOW) / 2);
      int end = Math.min(length, start + WINDOW);
      start = beforeSpace(text, start);
      end = Math.max(start + 1, beforeSpace(text, end));
      window.setLength(0);
      window.append(text, start, end);
      tokens += exact(window.toString());
      seen += end - start;
    }
    return clamp(Math.round((double) tokens * length / seen));
  }

  /** Returns the number of texts estimated from samples so far. */
  long sampledCount() {
    return sampled.sum();
  }

  /**
   * Returns a place for a cut, at most a word's length back. A cut before a space that follows
   * another character splits no piece; a cut inside a word makes two of one.
   */
  private static int beforeSpace(String text, int at) {
    if (at >= text.length()) {
      return at;
    }
    for (int i = at; i > Math.max(0, at - 64); i--) {
      if (text.charAt(i) == ' ' && !Character.isWhitespace(text.charAt(i - 1))) {
        return i;
      }
    }
    return at;
  }

  private static int clamp(long tokens) {
    return (int) Math.min(Integer.MAX_VALUE, tokens);
  }
}
