package io.caravan.scout;

import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.scout.Result.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a result as a JSON object, and reads it. */
final class ResultJson {
  private ResultJson() {}

  static void write(JsonWriter json, Result result) {
    json.beginObject().field("id", result.id());
    json.field("verdict", result.verdict().name().toLowerCase(Locale.ROOT));
    json.field("reason", result.reason()).field("calls", result.calls());
    json.field("first_token_millis", result.firstTokenMillis());
    json.field("tokens_per_second", result.tokensPerSecond());
    optional(json, "tools", result.tools());
    optional(json, "thinking", result.thinking());
    json.field("context_window", result.contextWindow());
    json.beginArray("cured");
    result.cures().forEach(json::value);
    json.endArray().endObject();
  }

  private static void optional(JsonWriter json, String name, Boolean value) {
    if (value == null) {
      json.name(name).nullValue();
    } else {
      json.field(name, value);
    }
  }

  /**
   * Reads a result.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Result read(Object tree) {
    if (!(tree instanceof Map<?, ?> map) || !(map.get("id") instanceof String id)) {
      throw new IllegalArgumentException("a result without an id");
    }
    List<String> cures = new ArrayList<>();
    if (map.get("cured") instanceof List<?> list) {
      list.forEach(cure -> cures.add(String.valueOf(cure)));
    }
    return new Result(
        id,
        Verdict.valueOf(String.valueOf(map.get("verdict")).toUpperCase(Locale.ROOT)),
        String.valueOf(map.get("reason")),
        number(map.get("calls")),
        number(map.get("first_token_millis")),
        number(map.get("tokens_per_second")),
        map.get("tools") instanceof Boolean tools ? tools : null,
        map.get("thinking") instanceof Boolean thinking ? thinking : null,
        number(map.get("context_window")),
        cures);
  }

  private static int number(Object value) {
    return value instanceof JsonTree.Digits digits ? Integer.parseInt(digits.text()) : 0;
  }
}
