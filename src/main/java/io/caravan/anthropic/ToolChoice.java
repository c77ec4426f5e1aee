package io.caravan.anthropic;

/**
 * The client's choice of the tools that the model may or must call.
 *
 * @param kind the protocol's own word
 * @param name the tool for {@link Kind#TOOL}, else null
 * @param parallelDisabled {@code disable_parallel_tool_use}
 */
public record ToolChoice(Kind kind, String name, boolean parallelDisabled) {
  /** The protocol's choices. */
  public enum Kind {
    AUTO,
    ANY,
    TOOL,
    NONE
  }
}
