package io.caravan.provider;

/** The values of {@code tool_choice} that an upstream accepts. */
public enum ToolChoiceForm {
  /** {@code none}, {@code auto}, {@code required}, or a named function. */
  OPENAI,
  /** The values of {@link #STRING_ONLY}, with {@code any} for {@code required}: Mistral's API. */
  MISTRAL,
  /**
   * {@code none}, {@code auto}, {@code required}; a named tool is forced by declaring it alone: LM
   * Studio.
   */
  STRING_ONLY,
  /** The field is never sent and the model never forced: Ollama, models without a tool parser. */
  NONE
}
