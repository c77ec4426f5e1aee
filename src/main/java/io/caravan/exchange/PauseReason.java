package io.caravan.exchange;

/** The reason for which a model may not be called for a while. */
public enum PauseReason {
  /** Its upstream has named the time itself. */
  ASKED_FOR("has asked for a pause; it may be called again in "),
  /** Its upstream has refused several calls in a row because of its rate limit. */
  RATE_LIMITED("has reached its rate limit several times in a row; it will be tried again in "),
  /** It would exceed the limit that its upstream's refusals or headers have shown. */
  LIMITED("has no call left in the limit that its upstream has shown; it may be called again in "),
  /** Its calls keep failing. */
  FAILING("keeps failing; it will be tried again in ");

  private final String words;

  PauseReason(String words) {
    this.words = words;
  }

  /** Returns the words between the model's name and the time. */
  String words() {
    return words;
  }
}
