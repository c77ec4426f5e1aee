package io.caravan.translate.response;

import java.util.Locale;

/** The ends of a completion, by its {@code finish_reason}. */
enum FinishReason {
  /** The model ended its text or called a tool. */
  NATURAL,
  /** The largest number of tokens was reached, or the server stopped a loop. */
  MAX_TOKENS,
  /** The context window was full. */
  CONTEXT_WINDOW,
  /** A filter, or the model, refused. */
  REFUSAL,
  /** The server failed. */
  FAILURE,
  /** The server had no capacity for the request. */
  OVERLOADED,
  /** The name is unknown. */
  UNKNOWN;

  /** Reads a finish reason. Gemini's are in capitals. */
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
      // vLLM's "repetition" isn't the model's own end: the server stopped a loop.
      case "length", "max_tokens", "max_output_tokens", "max_completion_tokens", "repetition" ->
          MAX_TOKENS;
      // Mistral's names, and Anthropic's own name from gateways before this one.
      case "model_length", "model_context_window_exceeded", "context_length_exceeded" ->
          CONTEXT_WINDOW;
      // Names of OpenAI, Gemini, Z.ai, and Anthropic's own.
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
      // Names of OpenRouter, vLLM, Mistral; SGLang and vLLM; Z.ai; Gemini.
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

  /** Returns whether the completion was cut off, so that a call may be incomplete. */
  boolean cutsOff() {
    return this == MAX_TOKENS || this == CONTEXT_WINDOW || this == REFUSAL;
  }

  /** Returns whether there is no message at all. */
  boolean fails() {
    return this == FAILURE || this == OVERLOADED;
  }
}
