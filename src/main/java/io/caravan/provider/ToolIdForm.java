package io.caravan.provider;

/** Which tool call ids an upstream takes. */
public enum ToolIdForm {
  /** Any string. */
  ANY,
  /** Exactly nine letters or digits: mistral-common, error code 3280. */
  NINE_ALNUM
}
