package io.caravan.anthropic;

/**
 * What a request may ask for that only Anthropic's own servers do, and of which nothing else is
 * read: it is noted so that whoever can't do it can say so.
 */
public enum UnsupportedOption {
  /** An entry of {@code mcp_servers}, whose tools Anthropic's servers would call. */
  MCP_SERVER,
  /** {@code thread}: the server is to keep the conversation, or goes on with one that it keeps. */
  THREAD,
  /** {@code compaction}: the server is to answer with a summary of the conversation. */
  COMPACTION,
  /** {@code citations} of a document or a search result. */
  CITATIONS,
  /** {@code output_config.task_budget}: how much the model may spend, told to the model. */
  TASK_BUDGET,
  /** {@code inference_geo}: where in the world the answer is to be made. */
  INFERENCE_GEO,
  /** {@code input_examples} of a tool. */
  TOOL_EXAMPLES,
  /** An {@code output_config.format} that is no JSON schema. */
  OUTPUT_FORMAT
}
