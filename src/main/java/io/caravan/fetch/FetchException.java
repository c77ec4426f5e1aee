package io.caravan.fetch;

/**
 * Thrown if a URL was not fetched. The message may be shown to a model and to a client: it has no
 * address that a name was resolved to.
 */
public final class FetchException extends Exception {
  private final Reason reason;

  FetchException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  FetchException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Returns the reason. */
  public Reason reason() {
    return reason;
  }

  /** The reasons for which a URL is not fetched. */
  public enum Reason {
    /** The text is no URL of the web. */
    INVALID_URL,
    /** The host, port, address or a redirect is one that may not be reached. */
    NOT_ALLOWED,
    /** The server could not be reached, or it answered with an error. */
    NOT_ACCESSIBLE,
    /** The server answered with 429. */
    TOO_MANY_REQUESTS,
    /** The content has a media type that is not taken. */
    UNSUPPORTED_TYPE,
    /** The content has more bytes than the limit. */
    TOO_LARGE,
    /** It took too long. */
    TIMEOUT
  }
}
