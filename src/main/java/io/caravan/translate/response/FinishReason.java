package io.caravan.translate.response;

import java.util.Locale;

/** How an upstream's answer ended, by its {@code finish_reason}. */
enum FinishReason {
  /** Of itself: the model had said what it had to say, or called a tool. */
  NATURAL,
  /** At the largest number of tokens, or where the server would not go on. */
  MAX_TOKENS,
  /** At the end of the context window. */
  CONTEXT_WINDOW,
  /** A filter, or the model, refused. */
  REFUSAL,
  /** The server failed. */
  FAILURE,
  /** The server had no room for it. */
  OVERLOADED,
  /** A name that says nothing to us. */
  UNKNOWN;

  /** Reads a finish reason; Gemini's are in capitals. */
  static FinishReason of(String finishReason) {
    return switch (finishReason.toLowerCase(Locale.ROOT).replace('-', '_')) {
      case "stop",
          "end",
          "end_turn",
          "eos",
          "eos_token",
          "stop_sequence",
          "stop_token",
          "complete",
          "completed",
          "done",
          "finished",
          "tool_calls",
          "tool_call",
          "tool_use",
          "function_call",
          "finish_reason_unspecified" ->
          NATURAL;
      // vLLM's "repetition" is no end of the model's: the server stopped a loop.
      case "length", "max_tokens", "max_output_tokens", "max_completion_tokens", "repetition" ->
          MAX_TOKENS;
      // Mistral; Anthropic's own name from gateways before this one.
      case "model_length", "model_context_window_exceeded", "context_length_exceeded" ->
          CONTEXT_WINDOW;
      // OpenAI; Gemini; Z.ai; Anthropic's own name.
      case "content_filter",
          "content_filtered",
          "safety",
          "recitation",
          "blocklist",
          "prohibited_content",
          "spii",
          "image_safety",
          "sensitive",
          "refusal" ->
          REFUSAL;
      // OpenRouter, vLLM, Mistral; SGLang and vLLM; Z.ai; Gemini.
      case "error",
          "abort",
          "aborted",
          "cancelled",
          "canceled",
          "network_error",
          "malformed_function_call",
          "unexpected_tool_call" ->
          FAILURE;
      // DeepSeek.
      case "insufficient_system_resource" -> OVERLOADED;
      default -> UNKNOWN;
    };
  }

  /** Whether the answer was cut off in the middle, so that a call may be half there. */
  boolean cutsOff() {
    return this == MAX_TOKENS || this == CONTEXT_WINDOW || this == REFUSAL;
  }

  /** Whether there is a message at all. */
  boolean fails() {
    return this == FAILURE || this == OVERLOADED;
  }
}
