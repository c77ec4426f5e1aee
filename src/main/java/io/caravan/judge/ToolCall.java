package io.caravan.judge;

import io.caravan.json.Json;
import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import java.util.Map;

/**
 * A tool call as the client gets it, after every repair and renaming.
 *
 * @param id the id of the client's tool_use block
 * @param name the client's name of the tool
 * @param input the arguments as JSON text, which may be cut off
 */
public record ToolCall(String id, String name, String input) {
  /**
   * Returns the arguments as the client will read them: decoded, and the last of two members with
   * the same name. Null if they are no JSON object.
   */
  @SuppressWarnings("unchecked")
  Map<String, Object> arguments() {
    RawJson json = RawJson.of(input);
    return Json.isObject(json) ? (Map<String, Object>) JsonTree.read(json) : null;
  }

  /** Returns whether the arguments are a JSON object. */
  boolean isParsed() {
    return Json.isObject(RawJson.of(input));
  }
}
