package io.caravan.provider;

/**
 * The form in which an upstream continues an assistant message at the end of the conversation. If
 * the completion then begins with that text, the text is removed.
 */
public enum PrefillForm {
  /** The message is sent unchanged. llama.cpp continues it, and its completion repeats it. */
  KEEP,
  /** The message is sent with {@code "prefix": true}: Mistral, DeepSeek's beta endpoint. */
  PREFIX_TRUE,
  /** The request is sent with {@code continue_final_message}: vLLM and SGLang. */
  CONTINUE_FINAL,
  /** The message becomes a request of the user, which any model understands. */
  AS_USER,
  /** The message is left out. */
  DROP
}
