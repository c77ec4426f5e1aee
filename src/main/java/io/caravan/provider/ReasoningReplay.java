package io.caravan.provider;

/** The form in which the reasoning of earlier turns goes back to the upstream. */
public enum ReasoningReplay {
  /** No reasoning goes back: DeepSeek R1 refuses it, most others ignore it. */
  NONE,
  /** {@code reasoning_content} on assistant messages: DeepSeek, Kimi, GLM, SGLang. */
  REASONING_CONTENT,
  /** {@code reasoning} on assistant messages: newer vLLM. */
  REASONING,
  /** {@code <think>} tags at the head of the content, as chat templates write them. */
  THINK_TAGS,
  /** OpenRouter's {@code reasoning_details}, or {@code reasoning} if only the text is known. */
  REASONING_DETAILS
}
