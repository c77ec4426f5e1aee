package io.caravan.tokens;

/**
 * What a model's chat template writes around the texts of a request, in tokens.
 *
 * <p>The defaults are the highest that was measured among the open models a gateway mostly meets
 * (Qwen3, GLM-4.5, DeepSeek-V3.1, MiniMax-M2; npm ai-tokenizer 1.0.6, {@code models}). With 25
 * tools that is 1 to 6 % too much for the others on a first request, and less with each turn. Too
 * much is the safe side: a client that is told too few tokens compacts its conversation too late
 * (ericc-ch/copilot-api#210), one that is told a few too many compacts a little early. What an
 * upstream says it counted corrects the rest: see {@link Calibration}.
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

  /** Per request; 10 by default. */
  public void setRequest(int request) {
    this.request = Numbers.atLeast(0, request, "request");
  }

  public int getMessage() {
    return message;
  }

  /** Per message, its role included, and for the system prompt; 5 by default. */
  public void setMessage(int message) {
    this.message = Numbers.atLeast(0, message, "message");
  }

  public int getTools() {
    return tools;
  }

  /** Once per request that declares a tool: how to call tools; 250 by default. */
  public void setTools(int tools) {
    this.tools = Numbers.atLeast(0, tools, "tools");
  }

  public int getTool() {
    return tool;
  }

  /**
   * Per declared tool, beside its name, description and schema: the JSON around them, and the
   * spaces that templates write into the schema; 60 by default.
   */
  public void setTool(int tool) {
    this.tool = Numbers.atLeast(0, tool, "tool");
  }

  public int getBuiltInTool() {
    return builtInTool;
  }

  /**
   * Per tool of the protocol's own ({@code bash_20250124}), whose description the client doesn't
   * send; 250 by default.
   */
  public void setBuiltInTool(int builtInTool) {
    this.builtInTool = Numbers.atLeast(0, builtInTool, "builtInTool");
  }

  public int getToolCall() {
    return toolCall;
  }

  /** Per tool call in the history, beside its name and input; 16 by default. */
  public void setToolCall(int toolCall) {
    this.toolCall = Numbers.atLeast(0, toolCall, "toolCall");
  }

  public int getToolResult() {
    return toolResult;
  }

  /** Per tool result, which becomes a message of its own upstream; 12 by default. */
  public void setToolResult(int toolResult) {
    this.toolResult = Numbers.atLeast(0, toolResult, "toolResult");
  }
}
