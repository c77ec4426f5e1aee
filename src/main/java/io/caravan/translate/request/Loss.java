package io.caravan.translate.request;

import java.util.Locale;

/**
 * What a request can lose, or have changed, on its way to an upstream that can't take it as it is.
 * The names are a fixed vocabulary: they go out in a response header and into metrics.
 */
public enum Loss {
  /** {@code temperature} was left out. */
  TEMPERATURE(true),
  /** {@code top_p} was left out. */
  TOP_P(true),
  /** {@code top_k} was left out. */
  TOP_K(true),
  /** Stop sequences were left out: more than the upstream takes, or empty ones. */
  STOP_SEQUENCE(true),
  /** {@code max_tokens} was lowered to what the model can give. */
  MAX_TOKENS(true),
  /** {@code tool_choice} was not kept: the upstream can't be forced. */
  TOOL_CHOICE(true),
  /** {@code disable_parallel_tool_use} was not kept. */
  PARALLEL_TOOL_USE(true),
  /** A tool that only Anthropic's servers run was left out. */
  SERVER_TOOL(true),
  /** Tools were left out: the model calls none. */
  TOOL(true),
  /**
   * A tool's name was too long or had characters that the upstream refuses; undone in the answer.
   */
  TOOL_RENAMED(false),
  /** A tool's description was cut. */
  TOOL_DESCRIPTION(true),
  /** A tool's schema lost what the upstream doesn't take. */
  TOOL_SCHEMA(true),
  /** A tool's {@code strict} was left out. */
  TOOL_STRICT(true),
  /** A call's input that was no JSON object went out as an empty one. */
  TOOL_INPUT(true),
  /** A call without a result got one that says so. */
  TOOL_RESULT_ADDED(false),
  /** A result without its call became text. */
  TOOL_RESULT_ORPHAN(false),
  /** An image of a tool result stands in a user message behind it. */
  IMAGE_MOVED(false),
  /** A document of a tool result stands in a user message behind it. */
  DOCUMENT_MOVED(false),
  /** An image became a line of text that names it. */
  IMAGE(true),
  /** A document became a line of text that names it. */
  DOCUMENT(true),
  /** Reasoning of an earlier turn was left out. */
  THINKING(true),
  /** Reasoning that only another server can read was left out. */
  REDACTED_THINKING(true),
  /** The wish to think, or not to, or for how long, was not kept. */
  THINKING_OPTION(true),
  /** {@code effort} was left out. */
  EFFORT(true),
  /** The answer's schema is asked for in words, or left out: the upstream can't be bound to it. */
  OUTPUT_FORMAT(true),
  /** The beginning of the answer is asked for in words, or left out. */
  PREFILL(true),
  /** An MCP server whose tools Anthropic's servers would have called was left out. */
  MCP_SERVER(true),
  /** The answer can't cite a document or search result by its place in it. */
  CITATIONS(true),
  /** The model isn't told its budget for the task. */
  TASK_BUDGET(true),
  /** Where the answer is made is the provider's affair. */
  INFERENCE_GEO(true),
  /** A tool's examples were left out. */
  TOOL_EXAMPLES(true),
  /** A block of a kind that the upstream has no form for was left out. */
  BLOCK(true),
  /** A field was left out that the upstream was found not to take. */
  FIELD(true),
  /** A system message between turns was written as a reminder on the user's side. */
  SYSTEM_REMINDER(false),
  /** Claude Code's billing line was taken from the system prompt. */
  BILLING_HEADER(false);

  private final boolean refusedWhenStrict;

  Loss(boolean refusedWhenStrict) {
    this.refusedWhenStrict = refusedWhenStrict;
  }

  /** Whether the model is told less than the client said. */
  boolean refusedWhenStrict() {
    return refusedWhenStrict;
  }

  /** The name in header and metric. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
