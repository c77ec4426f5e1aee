package io.caravan.translate.error;

/** The use of another attempt after a call that failed before its first content. */
public enum Retryability {
  /** The request is at fault: it would fail anywhere. */
  NEVER,
  /** The same upstream may succeed next time. */
  RETRY,
  /** This upstream would fail again, but another may succeed. */
  RETRY_ELSEWHERE
}
