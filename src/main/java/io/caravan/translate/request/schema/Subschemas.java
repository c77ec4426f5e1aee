package io.caravan.translate.request.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Walks through the schemas inside a schema. A property may be named like a keyword ({@code type},
 * {@code pattern}), so that only the place tells a name from a keyword.
 */
final class Subschemas {
  /** The keywords whose value is an object of schemas by name. */
  private static final Set<String> BY_NAME =
      Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");

  /** The keywords whose value is a schema, or a list of schemas. */
  private static final Set<String> SCHEMAS =
      Set.of(
          "items",
          "prefixItems",
          "additionalItems",
          "unevaluatedItems",
          "contains",
          "additionalProperties",
          "unevaluatedProperties",
          "propertyNames",
          "anyOf",
          "oneOf",
          "allOf",
          "not",
          "if",
          "then",
          "else");

  private Subschemas() {}

  /**
   * Returns a schema after a change of each schema in it, the inner ones first.
   *
   * @param change gets a copy that it may change, and returns the schema that takes its place
   */
  static Object change(Object schema, UnaryOperator<Map<String, Object>> change) {
    if (!(schema instanceof Map<?, ?> map)) {
      return schema;
    }
    Map<String, Object> out = new LinkedHashMap<>();
    map.forEach((key, value) -> out.put((String) key, member((String) key, value, change)));
    return change.apply(out);
  }

  private static Object member(
      String key, Object value, UnaryOperator<Map<String, Object>> change) {
    if (BY_NAME.contains(key) && value instanceof Map<?, ?> named) {
      Map<String, Object> out = new LinkedHashMap<>();
      named.forEach((name, schema) -> out.put((String) name, change(schema, change)));
      return out;
    }
    if (!SCHEMAS.contains(key)) {
      return value;
    }
    if (value instanceof List<?> list) {
      List<Object> out = new ArrayList<>(list.size());
      list.forEach(schema -> out.add(change(schema, change)));
      return out;
    }
    return change(value, change);
  }
}
