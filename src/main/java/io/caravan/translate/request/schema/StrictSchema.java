package io.caravan.translate.request.schema;

import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Recognises the schemas that OpenAI enforces ({@code strict}): every object closed, every property
 * required (OpenAI's guide, "Structured outputs"). It refuses others with that flag.
 */
public final class StrictSchema {
  private StrictSchema() {}

  public static boolean is(RawJson schema) {
    return JsonTree.read(schema) instanceof Map<?, ?> map
        && "object".equals(map.get("type"))
        && fits(map);
  }

  private static boolean fits(Object node) {
    if (node instanceof List<?> list) {
      return list.stream().allMatch(StrictSchema::fits);
    }
    if (!(node instanceof Map<?, ?> map)) {
      return true;
    }
    boolean object = "object".equals(map.get("type")) || map.get("properties") instanceof Map<?, ?>;
    if (object && !closed(map)) {
      return false;
    }
    return map.values().stream().allMatch(StrictSchema::fits);
  }

  private static boolean closed(Map<?, ?> map) {
    Collection<?> properties =
        map.get("properties") instanceof Map<?, ?> named ? named.keySet() : List.of();
    return Boolean.FALSE.equals(map.get("additionalProperties"))
        && map.get("required") instanceof List<?> required
        && required.containsAll(properties);
  }
}
