package io.caravan.translate.request.schema;

import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import io.caravan.provider.SchemaForm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fits a tool's JSON schema to an upstream. Clients send whatever a library gave them: null {@code
 * required} (anthropics/claude-code#49637), arrays without items (qxcnm/Codex-Manager#73), patterns
 * in JavaScript's dialect (router-for-me/CLIProxyAPI#5644).
 */
public final class SchemaReducer {
  /**
   * A schema that fits.
   *
   * @param schema the same object if nothing had to change
   * @param lost whether the model learns less than before
   */
  public record Reduced(RawJson schema, boolean lost) {}

  private boolean lost;

  private SchemaReducer() {}

  public static Reduced reduce(RawJson schema, SchemaForm form) {
    if (form == SchemaForm.FULL) {
      return new Reduced(schema, false);
    }
    Object tree = JsonTree.read(schema);
    Object fitting;
    boolean lost;
    if (form == SchemaForm.GEMINI) {
      GeminiSchema gemini = new GeminiSchema(tree);
      fitting = gemini.reduced();
      lost = gemini.lost();
    } else {
      SchemaReducer reducer = new SchemaReducer();
      fitting = reducer.schema(tree);
      lost = reducer.lost;
    }
    if (fitting.equals(tree)) {
      return new Reduced(schema, false);
    }
    return new Reduced(new JsonWriter(schema.length() + 64).tree(fitting).finish(), lost);
  }

  private Object schema(Object node) {
    if (!(node instanceof Map<?, ?> map)) {
      // The schemas true and false are known to few servers.
      lost |= Boolean.FALSE.equals(node);
      return new LinkedHashMap<>();
    }
    Map<String, Object> out = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : map.entrySet()) {
      member((String) member.getKey(), member.getValue(), map, out);
    }
    complete(out);
    return out;
  }

  private void member(String key, Object value, Map<?, ?> schema, Map<String, Object> out) {
    switch (key) {
      case "$schema", "$id", "$comment" -> {}
      case "default", "const", "examples" -> out.put(key, value);
      case "required", "enum" -> putList(key, value, out);
      case "properties", "patternProperties", "$defs", "definitions" -> putSchemas(key, value, out);
      case "items" -> out.put(key, items(value));
      case "anyOf", "oneOf", "allOf", "prefixItems" -> putSchemaList(key, value, out);
      case "not", "contains", "if", "then", "else", "propertyNames" -> out.put(key, schema(value));
      case "additionalProperties" -> additional(value, schema, out);
      case "pattern" -> pattern(value, out);
      default -> {
        if (value != null) {
          out.put(key, value);
        }
      }
    }
  }

  private static void putList(String key, Object value, Map<String, Object> out) {
    if (value instanceof List<?>) {
      out.put(key, value);
    }
  }

  private void putSchemas(String key, Object value, Map<String, Object> out) {
    Map<String, Object> schemas = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, schema) -> schemas.put((String) name, schema(schema)));
    }
    out.put(key, schemas);
  }

  private void putSchemaList(String key, Object value, Map<String, Object> out) {
    if (value instanceof List<?> list && !list.isEmpty()) {
      out.put(key, list.stream().map(this::schema).toList());
    }
  }

  /**
   * Converts items. A list of schemas, one for each place, is an older form of {@code prefixItems}.
   */
  private Object items(Object value) {
    if (!(value instanceof List<?> list)) {
      return schema(value);
    }
    lost |= list.size() > 1;
    return switch (list.size()) {
      case 0 -> new LinkedHashMap<>();
      case 1 -> schema(list.get(0));
      default -> {
        Map<String, Object> any = new LinkedHashMap<>();
        any.put("anyOf", list.stream().map(this::schema).toList());
        yield any;
      }
    };
  }

  /**
   * Writes additional properties. Beside named properties only true and false are understood
   * everywhere.
   */
  private void additional(Object value, Map<?, ?> schema, Map<String, Object> out) {
    if (value instanceof Boolean) {
      out.put("additionalProperties", value);
    } else if (value instanceof Map<?, ?> rest) {
      if (schema.get("properties") instanceof Map<?, ?> named && !named.isEmpty()) {
        lost |= !rest.isEmpty();
      } else {
        out.put("additionalProperties", schema(rest));
      }
    }
  }

  private void pattern(Object value, Map<String, Object> out) {
    if (value instanceof String pattern && PortablePattern.is(pattern)) {
      out.put("pattern", pattern);
    } else {
      lost |= value != null;
    }
  }

  private static void complete(Map<String, Object> schema) {
    if ("object".equals(schema.get("type")) && !schema.containsKey("properties")) {
      schema.put("properties", new LinkedHashMap<>());
    }
    boolean items = schema.containsKey("items") || schema.containsKey("prefixItems");
    if ("array".equals(schema.get("type")) && !items) {
      schema.put("items", new LinkedHashMap<>());
    }
  }
}
