package io.caravan.openai;

/**
 * Thrown if the upstream's stream can't be read. The message describes the fault without a
 * quotation: a completion may hold text that must not be logged.
 */
public final class MalformedStreamException extends RuntimeException {
  private final boolean cutOff;

  public MalformedStreamException(String message) {
    this(message, false);
  }

  private MalformedStreamException(String message, boolean cutOff) {
    super(message);
    this.cutOff = cutOff;
  }

  /** Returns the exception for a payload that is right as far as it goes, but has no end. */
  public static MalformedStreamException cutOff(String message) {
    return new MalformedStreamException(message, true);
  }

  /** Returns whether the payload has no end. */
  public boolean isCutOff() {
    return cutOff;
  }
}
