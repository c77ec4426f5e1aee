package io.caravan.translate.error;

import io.caravan.anthropic.ErrorType;

/** How a call can fail without an answer that says so. */
public enum TransportFailure {
  /** Nothing listens, or the network is down. */
  CONNECT("can't be reached", ErrorType.OVERLOADED, Retryability.RETRY, true),
  /** The host's name isn't known. */
  DNS("can't be found: its host name isn't known", ErrorType.API, Retryability.RETRY, true),
  /** The certificate isn't trusted, or no common protocol: that doesn't pass by itself. */
  TLS(
      "can't be called securely: the TLS handshake failed",
      ErrorType.API,
      Retryability.RETRY_ELSEWHERE,
      false),
  /** No place in the connection pool in time. */
  POOL("has no free connection", ErrorType.OVERLOADED, Retryability.RETRY_ELSEWHERE, false),
  /** The call was taken, and nothing came back for so long that another wait is of no use here. */
  FIRST_BYTE_TIMEOUT("sent nothing in time", ErrorType.TIMEOUT, Retryability.RETRY_ELSEWHERE, true),
  /** The answer stopped. */
  IDLE_TIMEOUT("stopped sending", ErrorType.TIMEOUT, Retryability.RETRY_ELSEWHERE, true),
  /** The answer took longer than any may. */
  TOTAL_TIMEOUT("took longer than allowed", ErrorType.TIMEOUT, Retryability.NEVER, true),
  /** The connection broke. */
  RESET("broke the connection", ErrorType.OVERLOADED, Retryability.RETRY, true),
  /** The answer ended before its end was told, or has nothing in it. */
  CUT_OFF("ended its answer too early", ErrorType.OVERLOADED, Retryability.RETRY, true),
  /** A line, a header or the whole answer is larger than any may be. */
  TOO_LARGE("sent more than allowed", ErrorType.API, Retryability.NEVER, false),
  /** Something else than a completion: a page of a proxy, broken JSON. */
  BAD_CONTENT(
      "sent something that is no completion", ErrorType.API, Retryability.RETRY_ELSEWHERE, true);

  private final String words;
  private final ErrorType type;
  private final Retryability retryability;
  private final boolean circuit;

  TransportFailure(String words, ErrorType type, Retryability retryability, boolean circuit) {
    this.words = words;
    this.type = type;
    this.retryability = retryability;
    this.circuit = circuit;
  }

  /** What the upstream did, to stand after its name. */
  String words() {
    return words;
  }

  ErrorType type() {
    return type;
  }

  Retryability retryability() {
    return retryability;
  }

  boolean countsAgainstCircuit() {
    return circuit;
  }

  /** For the header {@code x-should-retry}: false on what doesn't pass, null elsewhere. */
  Boolean shouldRetry() {
    boolean permanent = this == TLS || this == TOO_LARGE || this == TOTAL_TIMEOUT;
    return permanent ? Boolean.FALSE : null;
  }
}
