package io.caravan.provider;

/** What an upstream speaks. */
public enum Protocol {
  /** OpenAI's chat completions: requests are translated. */
  OPENAI,
  /** Anthropic's Messages API: requests are passed on as they are. */
  ANTHROPIC
}
