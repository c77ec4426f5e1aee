package io.caravan.translate.request;

import java.util.Locale;

/**
 * The parts of a request that can be lost or changed on the way to an upstream that doesn't accept
 * them. The names are a fixed vocabulary: they are sent in a response header and used in metrics.
 */
public enum Loss {
  /** {@code temperature} was left out. */
  TEMPERATURE(true),
  /** {@code top_p} was left out. */
  TOP_P(true),
  /** {@code top_k} was left out. */
  TOP_K(true),
  /** Empty stop sequences were left out. */
  STOP_SEQUENCE(true),
  /** {@code max_tokens} was lowered to the model's limit. */
  MAX_TOKENS(true),
  /** {@code tool_choice} was ignored, since the upstream can't be forced. */
  TOOL_CHOICE(true),
  /** A tool that only Anthropic's servers run was left out. */
  SERVER_TOOL(true),
  /**
   * The search for deferred tools that only Anthropic's servers run was left out. All deferred
   * tools are shown in its place, which costs tokens and nothing else.
   */
  TOOL_SEARCH(false),
  /** Tools were left out, since the model can't call any. */
  TOOL(true),
  /**
   * A tool's name was too long or had characters that the upstream refuses. The response restores
   * it.
   */
  TOOL_RENAMED(false),
  /** A tool's description was cut. */
  TOOL_DESCRIPTION(true),
  /** A tool's schema was reduced to the form that the upstream accepts. */
  TOOL_SCHEMA(true),
  /**
   * A tool's schema was written in another form that says the same, since the upstream has refused
   * the first.
   */
  TOOL_SCHEMA_REDUCED(false),
  /** A tool's parameter has another name, since the upstream refuses its own. */
  TOOL_PARAMETER_RENAMED(false),
  /** A tool's {@code strict} was left out. */
  TOOL_STRICT(true),
  /** A call's input that wasn't a JSON object became an empty one. */
  TOOL_INPUT(true),
  /** A call without a result got one that reports the lack. */
  TOOL_RESULT_ADDED(false),
  /** A result without its call became text. */
  TOOL_RESULT_ORPHAN(false),
  /** An image of a tool result was moved to a user message behind it. */
  IMAGE_MOVED(false),
  /** A document of a tool result was moved to a user message behind it. */
  DOCUMENT_MOVED(false),
  /** An image became the words in which another model describes it, as the operator has set. */
  IMAGE_DESCRIBED(false),
  /** A document became its text, as the operator has set. */
  DOCUMENT_READ(false),
  /** An image became a line of text that names it. */
  IMAGE(true),
  /** A document became a line of text that names it. */
  DOCUMENT(true),
  /** Reasoning of an earlier turn was left out. */
  THINKING(true),
  /** Reasoning that only another server can read was left out. */
  REDACTED_THINKING(true),
  /** The option for thinking, or its budget, was ignored. */
  THINKING_OPTION(true),
  /** {@code effort} was left out. */
  EFFORT(true),
  /**
   * The output's schema is requested in words, or left out, since the upstream can't be bound to
   * it.
   */
  OUTPUT_FORMAT(true),
  /** The beginning of the response is requested in words, or left out. */
  PREFILL(true),
  /** An MCP server whose tools Anthropic's servers would have called was left out. */
  MCP_SERVER(true),
  /** The response can't cite a document or search result by its place in it. */
  CITATIONS(true),
  /** The model doesn't know its budget for the task. */
  TASK_BUDGET(true),
  /** The place in which the completion is made is up to the provider. */
  INFERENCE_GEO(true),
  /** A tool's examples were left out. */
  TOOL_EXAMPLES(true),
  /** A block without a form in the upstream's protocol was left out. */
  BLOCK(true),
  /** A field was left out that the upstream has refused. */
  FIELD(true),
  /** A system message between turns was written as a reminder on the user's side. */
  SYSTEM_REMINDER(false),
  /** Claude Code's billing line was taken from the system prompt. */
  BILLING_HEADER(false);

  private final boolean refusedWhenStrict;

  Loss(boolean refusedWhenStrict) {
    this.refusedWhenStrict = refusedWhenStrict;
  }

  /** Returns whether the model learns less than the client sent. */
  boolean refusedWhenStrict() {
    return refusedWhenStrict;
  }

  /** Returns the name in header and metric. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
