package io.caravan.translate.error;

import io.caravan.anthropic.ErrorType;

/** What went wrong, whatever status it was told with. */
enum FailureKind {
  /** Prompt and answer don't fit, but the prompt alone does. */
  ANSWER_TOO_LONG(ErrorType.INVALID_REQUEST, Retryability.NEVER, false, false),
  PROMPT_TOO_LONG(ErrorType.INVALID_REQUEST, Retryability.NEVER, false, false),
  /** {@code max_tokens} is above what the model takes. */
  MAX_TOKENS(ErrorType.INVALID_REQUEST, Retryability.NEVER, false, false),
  IMAGE(ErrorType.INVALID_REQUEST, Retryability.NEVER, false, false),
  BAD_REQUEST(ErrorType.INVALID_REQUEST, Retryability.NEVER, false, false),
  REQUEST_TOO_LARGE(ErrorType.REQUEST_TOO_LARGE, Retryability.NEVER, false, false),
  /**
   * The provider refuses this gateway's key. Not an authentication_error: that is about the
   * client's own key, which is right, and Claude Code would ask its user to log in.
   */
  KEY_REFUSED(ErrorType.API, Retryability.RETRY_ELSEWHERE, false, false),
  OUT_OF_CREDIT(ErrorType.BILLING, Retryability.RETRY_ELSEWHERE, false, false),
  NO_SUCH_MODEL(ErrorType.NOT_FOUND, Retryability.RETRY_ELSEWHERE, false, false),
  /** The provider's URL or method isn't right. */
  MISCONFIGURED(ErrorType.API, Retryability.RETRY_ELSEWHERE, false, false),
  RATE_LIMITED(ErrorType.RATE_LIMIT, Retryability.RETRY, false, true),
  OVERLOADED(ErrorType.OVERLOADED, Retryability.RETRY, true, true),
  /** The model wrote something that its server can't read; it may do better next time. */
  BAD_GENERATION(ErrorType.API, Retryability.RETRY, false, true),
  SERVER_FAULT(ErrorType.API, Retryability.RETRY, true, true),
  TIMED_OUT(ErrorType.TIMEOUT, Retryability.RETRY, true, true);

  private final ErrorType type;
  private final Retryability retryability;
  private final boolean circuit;
  private final boolean passes;

  FailureKind(ErrorType type, Retryability retryability, boolean circuit, boolean passes) {
    this.type = type;
    this.retryability = retryability;
    this.circuit = circuit;
    this.passes = passes;
  }

  ErrorType type() {
    return type;
  }

  Retryability retryability() {
    return retryability;
  }

  /** Whether it says that the upstream is unwell. */
  boolean countsAgainstCircuit() {
    return circuit;
  }

  /** Whether it may pass by itself. */
  boolean passes() {
    return passes;
  }
}
