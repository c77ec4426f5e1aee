package io.caravan.provider;

/** The tool call ids that an upstream accepts. */
public enum ToolIdForm {
  /** Any string. */
  ANY,
  /** Exactly nine letters or digits: mistral-common, error code 3280. */
  NINE_ALNUM
}
