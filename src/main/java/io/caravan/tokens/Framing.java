package io.caravan.tokens;

/**
 * The tokens that a model's chat template adds around the texts of a request.
 *
 * <p>The defaults are the highest that were measured among the open models a gateway mostly meets
 * (Qwen3, GLM-4.5, DeepSeek-V3.1, MiniMax-M2; npm ai-tokenizer 1.0.6, {@code models}). With 25
 * tools that is 1 to 6 % too much for the others on a first request, and less with each turn. Too
 * much is the safe side: a client that is told too few tokens compacts its conversation too late
 * (ericc-ch/copilot-api#210), one that is told a few too many compacts a little early. The rest is
 * corrected by the counts that upstreams report: see {@link Calibration}.
 */
public final class Framing {
  private int request = 10;
  private int message = 5;
  private int tools = 250;
  private int tool = 60;
  private int builtInTool = 250;
  private int toolCall = 16;
  private int toolResult = 12;

  public int getRequest() {
    return request;
  }

  /** Sets the tokens of a request; 10 by default. */
  public void setRequest(int request) {
    this.request = Numbers.atLeast(0, request, "request");
  }

  public int getMessage() {
    return message;
  }

  /** Sets the tokens of a message with its role, and of the system prompt; 5 by default. */
  public void setMessage(int message) {
    this.message = Numbers.atLeast(0, message, "message");
  }

  public int getTools() {
    return tools;
  }

  /**
   * Sets the tokens of a request that declares tools, for the instructions how to call them; 250 by
   * default.
   */
  public void setTools(int tools) {
    this.tools = Numbers.atLeast(0, tools, "tools");
  }

  public int getTool() {
    return tool;
  }

  /**
   * Sets the tokens of a declared tool beside its name, description and schema: the JSON around
   * them, and the spaces that templates write into the schema; 60 by default.
   */
  public void setTool(int tool) {
    this.tool = Numbers.atLeast(0, tool, "tool");
  }

  public int getBuiltInTool() {
    return builtInTool;
  }

  /**
   * Sets the tokens of one of the protocol's own tools ({@code bash_20250124}), whose description
   * the client doesn't send; 250 by default.
   */
  public void setBuiltInTool(int builtInTool) {
    this.builtInTool = Numbers.atLeast(0, builtInTool, "builtInTool");
  }

  public int getToolCall() {
    return toolCall;
  }

  /** Sets the tokens of a tool call in the history, beside its name and input; 16 by default. */
  public void setToolCall(int toolCall) {
    this.toolCall = Numbers.atLeast(0, toolCall, "toolCall");
  }

  public int getToolResult() {
    return toolResult;
  }

  /**
   * Sets the tokens of a tool result, which becomes a message of its own upstream; 12 by default.
   */
  public void setToolResult(int toolResult) {
    this.toolResult = Numbers.atLeast(0, toolResult, "toolResult");
  }
}
