package io.caravan.provider;

/** In which form the reasoning of earlier turns goes back to the upstream. */
public enum ReasoningReplay {
  /** Not at all: DeepSeek R1 refuses it, most others ignore it. */
  NONE,
  /** {@code reasoning_content} on assistant messages: DeepSeek, Kimi, GLM, SGLang. */
  REASONING_CONTENT,
  /** {@code reasoning} on assistant messages: newer vLLM. */
  REASONING,
  /** {@code <think>} tags at the head of the content, as chat templates write it. */
  THINK_TAGS,
  /** OpenRouter's {@code reasoning_details}, or {@code reasoning} where only the text is known. */
  REASONING_DETAILS
}
