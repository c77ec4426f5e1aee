package io.caravan.openai;

/**
 * The upstream sent what can't be read. The message says what was wrong and quotes nothing of it:
 * an answer may hold what a log must not.
 */
public final class MalformedStreamException extends RuntimeException {
  public MalformedStreamException(String message) {
    super(message);
  }
}
