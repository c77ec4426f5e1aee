package io.caravan.servertools;

import io.caravan.anthropic.Block;
import io.caravan.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The result of a call, for the client and for the model. */
public record ServedResult(ServedCall call, ServerTool tool, Object content) {
  /** Returns the result of a call whose route has left a body. */
  public static ServedResult of(ServedCall call, ServerTool tool, Object found) {
    try {
      return new ServedResult(call, tool, tool.content(call, found));
    } catch (ServerToolException e) {
      return failed(call, tool, e.getMessage());
    }
  }

  /** Returns the result of a call that failed. */
  static ServedResult failed(ServedCall call, ServerTool tool, String code) {
    return new ServedResult(call, tool, tool.error(code));
  }

  /** Returns whether a result's content reports a failure. */
  static boolean isError(Object content) {
    return content instanceof Map<?, ?> map && map.containsKey("error_code");
  }

  /** Returns whether the call failed. */
  public boolean isError() {
    return isError(content);
  }

  /** Returns what the model reads. */
  public String words() {
    return words(tool, content);
  }

  /** Returns the client's block as JSON. */
  public String block() {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("type", tool.resultType());
    block.put("tool_use_id", call.clientId());
    block.put("content", content);
    block.put("caller", Map.of("type", "direct"));
    return new JsonWriter(1024).tree(block).finish().toString();
  }

  /** Returns the result as the model gets it. */
  Block.ToolResult forModel() {
    return forModel(call.id(), tool, content);
  }

  static Block.ToolResult forModel(String id, ServerTool tool, Object content) {
    return new Block.ToolResult(
        id, List.of(new Block.Text(words(tool, content))), isError(content));
  }

  private static String words(ServerTool tool, Object content) {
    return isError(content)
        ? "The call failed: " + ((Map<?, ?>) content).get("error_code")
        : tool.words(content);
  }
}
