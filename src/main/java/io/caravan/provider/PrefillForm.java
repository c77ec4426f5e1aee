package io.caravan.provider;

/**
 * How an upstream is made to go on from an assistant message at the end of the conversation. Where
 * the reply then begins with that text, it is taken off again.
 */
public enum PrefillForm {
  /** Sent as it is: llama.cpp goes on from it, and its reply repeats it. */
  KEEP,
  /** With {@code "prefix": true}: Mistral, DeepSeek's beta endpoint. */
  PREFIX_TRUE,
  /** With {@code continue_final_message}: vLLM and SGLang. */
  CONTINUE_FINAL,
  /** Restated as a request of the user, which any model understands. */
  AS_USER,
  /** Left out. */
  DROP
}
