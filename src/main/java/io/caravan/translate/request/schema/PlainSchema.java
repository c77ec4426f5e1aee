package io.caravan.translate.request.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a JSON schema in the words that every server reads: types, descriptions, properties, items
 * and choices. It is the last form, for a server whose refusal names no keyword.
 */
final class PlainSchema {
  private static final Set<String> KEPT =
      Set.of("type", "description", "enum", "properties", "required", "items", "anyOf");

  private boolean lost;

  /** Returns the form of a schema in Gemini's subset, which has no references. */
  Object of(Object schema) {
    return Subschemas.change(schema, this::kept);
  }

  boolean lost() {
    return lost;
  }

  private Map<String, Object> kept(Map<String, Object> schema) {
    Map<String, Object> out = new LinkedHashMap<>();
    schema.forEach(
        (key, value) -> {
          if (KEPT.contains(key)) {
            out.put(key, value);
          } else {
            lost |= !key.equals("title");
          }
        });
    if (out.containsKey("type") && out.remove("anyOf") instanceof List<?>) {
      // Moonshot: "when using anyOf, type should be defined in anyOf items"
      lost = true;
    }
    return out;
  }
}
