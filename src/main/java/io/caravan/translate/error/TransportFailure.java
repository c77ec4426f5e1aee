package io.caravan.translate.error;

import io.caravan.anthropic.ErrorType;

/** The ways in which a call can fail without a response that reports it. */
public enum TransportFailure {
  /** Nothing listens, or the network is down. */
  CONNECT("can't be reached", ErrorType.OVERLOADED, Retryability.RETRY, true),
  /** The host's name is unknown. */
  DNS("can't be found: its host name is unknown", ErrorType.API, Retryability.RETRY, true),
  /** The base URL is none that can be called. */
  BASE_URL("can't be called", ErrorType.API, Retryability.RETRY_ELSEWHERE, false),
  /** The certificate isn't trusted, or there is no common protocol. Neither ends by itself. */
  TLS("can't be called securely", ErrorType.API, Retryability.RETRY_ELSEWHERE, false),
  /** The connection pool had no place in time. */
  POOL("has no free connection", ErrorType.OVERLOADED, Retryability.RETRY_ELSEWHERE, false),
  /** The call was accepted, but nothing came back for so long that another wait is of no use. */
  FIRST_BYTE_TIMEOUT("sent nothing in time", ErrorType.TIMEOUT, Retryability.RETRY_ELSEWHERE, true),
  /** The stream stopped. */
  IDLE_TIMEOUT("stopped sending", ErrorType.TIMEOUT, Retryability.RETRY_ELSEWHERE, true),
  /** The call took longer than the limit. */
  TOTAL_TIMEOUT("took longer than allowed", ErrorType.TIMEOUT, Retryability.NEVER, true),
  /** The connection broke. */
  RESET("broke the connection", ErrorType.OVERLOADED, Retryability.RETRY, true),
  /** The completion ended before its end mark, or is empty. */
  CUT_OFF("ended its completion too early", ErrorType.OVERLOADED, Retryability.RETRY, true),
  /** A line, a header or the whole body exceeds its limit. */
  TOO_LARGE("sent more than allowed", ErrorType.API, Retryability.NEVER, false),
  /** The body isn't a completion: a page of a proxy, malformed JSON. */
  BAD_CONTENT(
      "sent something other than a completion", ErrorType.API, Retryability.RETRY_ELSEWHERE, true);

  private final String words;

  @SuppressWarnings("ImmutableEnumChecker") // A record of two enums and a boolean.
  private final Consequence consequence;

  TransportFailure(String words, ErrorType type, Retryability retryability, boolean circuit) {
    this.words = words;
    this.consequence = new Consequence(type, retryability, circuit);
  }

  /** Returns words that follow the upstream's name. */
  String words() {
    return words;
  }

  Consequence consequence() {
    return consequence;
  }

  /**
   * Returns the header {@code x-should-retry}: false for a failure that stays until a setting is
   * changed, else null.
   */
  Boolean shouldRetry(UpstreamFacts upstream) {
    boolean permanent =
        this == TLS || this == TOO_LARGE || this == TOTAL_TIMEOUT || this == BASE_URL;
    return (permanent || isUnreached(upstream)) ? Boolean.FALSE : null;
  }

  /** Returns whether the upstream's URL says more about the failure. */
  boolean isOfPlace(UpstreamFacts upstream) {
    return isOfConnection() || isUnreached(upstream);
  }

  /** Returns whether the upstream could not be reached now, and never could before. */
  boolean isUnreached(UpstreamFacts upstream) {
    return !upstream.answered() && (isOfConnection() || this == RESET);
  }

  private boolean isOfConnection() {
    return this == CONNECT || this == DNS || this == TLS || this == BASE_URL;
  }
}
