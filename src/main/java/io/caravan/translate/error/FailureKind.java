package io.caravan.translate.error;

import io.caravan.anthropic.ErrorType;

/** The kinds of failures, independent of the upstream's status. */
enum FailureKind {
  /** Prompt and completion together don't fit, but the prompt alone does. */
  ANSWER_TOO_LONG(ErrorType.INVALID_REQUEST, Retryability.NEVER, false, false),
  PROMPT_TOO_LONG(ErrorType.INVALID_REQUEST, Retryability.NEVER, false, false),
  /** {@code max_tokens} exceeds the model's limit. */
  MAX_TOKENS(ErrorType.INVALID_REQUEST, Retryability.NEVER, false, false),
  IMAGE(ErrorType.INVALID_REQUEST, Retryability.NEVER, false, false),
  BAD_REQUEST(ErrorType.INVALID_REQUEST, Retryability.NEVER, false, false),
  REQUEST_TOO_LARGE(ErrorType.REQUEST_TOO_LARGE, Retryability.NEVER, false, false),
  /**
   * The provider refuses this gateway's key. This isn't an authentication_error: that would be
   * about the client's own key, which is right, and Claude Code would ask its user to log in.
   */
  KEY_REFUSED(ErrorType.API, Retryability.RETRY_ELSEWHERE, false, false),
  OUT_OF_CREDIT(ErrorType.BILLING, Retryability.RETRY_ELSEWHERE, false, false),
  NO_SUCH_MODEL(ErrorType.NOT_FOUND, Retryability.RETRY_ELSEWHERE, false, false),
  /** The provider's URL or method is wrong. */
  MISCONFIGURED(ErrorType.API, Retryability.RETRY_ELSEWHERE, false, false),
  RATE_LIMITED(ErrorType.RATE_LIMIT, Retryability.RETRY, false, true),
  OVERLOADED(ErrorType.OVERLOADED, Retryability.RETRY, true, true),
  /** The model wrote something that its server can't read. It may do better next time. */
  BAD_GENERATION(ErrorType.API, Retryability.RETRY, false, true),
  SERVER_FAULT(ErrorType.API, Retryability.RETRY, true, true),
  TIMED_OUT(ErrorType.TIMEOUT, Retryability.RETRY, true, true);

  @SuppressWarnings("ImmutableEnumChecker") // A record of two enums and a boolean.
  private final Consequence consequence;

  private final boolean temporary;

  FailureKind(ErrorType type, Retryability retryability, boolean circuit, boolean temporary) {
    this.consequence = new Consequence(type, retryability, circuit);
    this.temporary = temporary;
  }

  Consequence consequence() {
    return consequence;
  }

  /** Returns whether the failure may end without a change to the request. */
  boolean isTemporary() {
    return temporary;
  }
}
