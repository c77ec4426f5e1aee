package io.caravan.anthropic;

/**
 * An option of a request that only Anthropic's own servers support, and of which nothing else is
 * read. It is noted so that the translation can report it.
 */
public enum UnsupportedOption {
  /** An entry of {@code mcp_servers}, whose tools Anthropic's servers would call. */
  MCP_SERVER,
  /** {@code thread}: the server keeps the conversation, or continues one that it keeps. */
  THREAD,
  /** {@code compaction}: the server returns a summary of the conversation. */
  COMPACTION,
  /** {@code citations} of a document or a search result. */
  CITATIONS,
  /** {@code output_config.task_budget}: the budget of the task, which the model is told. */
  TASK_BUDGET,
  /** {@code inference_geo}: the part of the world in which the completion is made. */
  INFERENCE_GEO,
  /** {@code input_examples} of a tool. */
  TOOL_EXAMPLES,
  /** An {@code output_config.format} that isn't a JSON schema. */
  OUTPUT_FORMAT
}
