package io.caravan.provider;

/** The switch by which an upstream is told to think, or not to. */
public enum ReasoningSwitch {
  /** There is no switch: the model decides. */
  NONE,
  /** {@code reasoning_effort}: OpenAI, vLLM, gpt-oss, Ollama, Groq. */
  REASONING_EFFORT,
  /** {@code chat_template_kwargs.thinking}: Kimi and DeepSeek behind vLLM, SGLang or NIM. */
  TEMPLATE_THINKING,
  /**
   * {@code chat_template_kwargs.enable_thinking}: Qwen, GLM, Nemotron behind vLLM, SGLang or NIM.
   */
  TEMPLATE_ENABLE_THINKING,
  /** {@code chat_template_kwargs.thinking_mode}: enabled, disabled or adaptive, as MiniMax M3. */
  TEMPLATE_THINKING_MODE,
  /** {@code thinking.type}: the APIs of DeepSeek, Z.ai and Moonshot. */
  THINKING_TYPE,
  /** Top-level {@code enable_thinking}: Alibaba's API. */
  ENABLE_THINKING,
  /** OpenRouter's {@code reasoning} object. */
  OPENROUTER,
  /** {@code /think} or {@code /no_think} at the end of the system message: Nemotron v1.5. */
  SYSTEM_THINK,
  /** {@code detailed thinking on} or {@code off} as the system message's head: llama-nemotron. */
  DETAILED_THINKING
}
