package io.caravan.provider;

/** The protocol that an upstream serves. */
public enum Protocol {
  /** OpenAI's chat completions: requests are translated. */
  OPENAI,
  /** Anthropic's Messages API: requests are passed through. */
  ANTHROPIC
}
