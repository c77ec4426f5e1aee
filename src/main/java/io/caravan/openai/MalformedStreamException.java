package io.caravan.openai;

/**
 * Thrown if the upstream's stream can't be read. The message describes the fault without a
 * quotation: a completion may hold text that must not be logged.
 */
public final class MalformedStreamException extends RuntimeException {
  public MalformedStreamException(String message) {
    super(message);
  }
}
