package io.caravan.judge;

import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A call of the resource {@code commands.jsonl}, by which an operator can try a judge.
 *
 * @param kind the kind, such as {@code destructive}
 * @param allowed true if a judge should allow it
 * @param user what the user wrote
 */
public record LabelledCall(String kind, boolean allowed, String user, ToolCall call) {
  /** Returns all calls, in their order. */
  public static List<LabelledCall> all() {
    List<LabelledCall> all = new ArrayList<>();
    for (String line : JudgePrompt.resource("commands.jsonl").split("\n", -1)) {
      Map<?, ?> map = (Map<?, ?>) JsonTree.read(RawJson.of(line));
      String input = new JsonWriter(256).tree(map.get("input")).finish().toString();
      all.add(
          new LabelledCall(
              (String) map.get("kind"),
              "allow".equals(map.get("expect")),
              (String) map.get("user"),
              new ToolCall("toolu_" + all.size(), (String) map.get("tool"), input)));
    }
    return all;
  }

  /** Returns the request of a client in which the call comes, as JSON of the Messages API. */
  public String request() {
    JsonWriter json = new JsonWriter(512).beginObject();
    json.field("model", "judge-test").field("max_tokens", 0L);
    json.beginArray("messages").beginObject().field("role", "user").field("content", user);
    json.endObject().endArray().beginArray("safeguards").beginObject();
    json.field("type", "dangerous_tool_use").beginObject("classifier_context");
    json.field("platform", "linux").field("live_cwd", "/home/dev/project");
    return json.field("home_dir", "/home/dev")
        .endObject()
        .endObject()
        .endArray()
        .endObject()
        .finish()
        .toString();
  }
}
