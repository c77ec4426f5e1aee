package io.caravan.translate.error;

/** Whether a call that failed before its first content is worth making again. */
public enum Retryability {
  /** The request is at fault: it would fail anywhere. */
  NEVER,
  /** The same upstream may answer next time. */
  RETRY,
  /** This upstream won't, another may. */
  RETRY_ELSEWHERE
}
