package io.caravan.translate.request.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reduces a tool's JSON schema to the part that most servers and grammar engines understand.
 * Clients send whatever a library gave them: null {@code required} (anthropics/claude-code#49637),
 * arrays without items (qxcnm/Codex-Manager#73), patterns in JavaScript's dialect
 * (router-for-me/CLIProxyAPI#5644), {@code true} and {@code false} as schemas, which hosted NIM,
 * Moonshot and llama.cpp refuse (NOirBRight/CodexHub#177, can1357/oh-my-pi#5919).
 *
 * <p>An object without {@code properties} stays as it is: its members are free. llama.cpp takes
 * {@code "properties": {}} for the empty object.
 */
final class SchemaReducer {
  private boolean lost;

  Object reduced(Object schema) {
    return schema(schema);
  }

  /** Returns whether the model learns less than before. */
  boolean lost() {
    return lost;
  }

  private Object schema(Object node) {
    if (!(node instanceof Map<?, ?> map)) {
      lost |= Boolean.FALSE.equals(node);
      return new LinkedHashMap<>();
    }
    Map<String, Object> out = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : map.entrySet()) {
      member((String) member.getKey(), member.getValue(), map, out);
    }
    if ("array".equals(out.get("type"))
        && !out.containsKey("items")
        && !out.containsKey("prefixItems")) {
      out.put("items", new LinkedHashMap<>());
    }
    return out;
  }

  private void member(String key, Object value, Map<?, ?> schema, Map<String, Object> out) {
    switch (key) {
      case "$schema", "$id", "$comment" -> {}
      case "default", "const", "examples" -> out.put(key, value);
      case "enum" -> putList(key, value, out);
      case "required" -> required(value, schema, out);
      case "properties" -> properties(value, out);
      case "patternProperties" -> patternProperties(value, out);
      case "$defs", "definitions", "dependentSchemas" -> putSchemas(key, value, out);
      case "items" -> items(value, schema, out);
      case "anyOf", "oneOf" -> alternatives(key, value, out);
      case "allOf" -> all(value, out);
      case "prefixItems" -> putSchemaList(key, value, out);
      case "contains", "if", "then", "else" -> out.put(key, schema(value));
      case "not", "propertyNames" -> condition(key, value, out);
      case "additionalProperties" -> additional(value, schema, out);
      case "unevaluatedProperties", "additionalItems", "unevaluatedItems" -> rest(key, value, out);
      case "pattern" -> lost |= PortablePattern.put(value, out);
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

  /** Writes the required properties, without those that must not be there. */
  private static void required(Object value, Map<?, ?> schema, Map<String, Object> out) {
    if (value instanceof List<?> list) {
      Map<?, ?> named = schema.get("properties") instanceof Map<?, ?> map ? map : Map.of();
      out.put(
          "required",
          list.stream()
              .filter(name -> name == null || !Boolean.FALSE.equals(named.get(name)))
              .toList());
    }
  }

  /** Writes the properties. One whose schema is false must not be there. */
  private void properties(Object value, Map<String, Object> out) {
    if (!(value instanceof Map<?, ?> map)) {
      return;
    }
    Map<String, Object> schemas = new LinkedHashMap<>();
    map.forEach(
        (name, schema) -> {
          if (!Boolean.FALSE.equals(schema)) {
            schemas.put((String) name, schema(schema));
          }
        });
    out.put("properties", schemas);
  }

  private void patternProperties(Object value, Map<String, Object> out) {
    Map<String, Object> schemas = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, schema) -> {
            PortablePattern.Portable portable = PortablePattern.of((String) name);
            lost |= portable.widened() || Boolean.FALSE.equals(schema);
            if (portable.pattern() != null && !Boolean.FALSE.equals(schema)) {
              schemas.put(portable.pattern(), schema(schema));
            }
          });
    }
    if (!schemas.isEmpty()) {
      out.put("patternProperties", schemas);
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
   * Writes items. A list of schemas, one for each place, is an older form of {@code prefixItems}.
   */
  private void items(Object value, Map<?, ?> schema, Map<String, Object> out) {
    if (value instanceof Boolean && schema.containsKey("prefixItems")) {
      return;
    }
    if (!(value instanceof List<?> list)) {
      out.put("items", schema(value));
      return;
    }
    lost |= list.size() > 1;
    Map<String, Object> items = new LinkedHashMap<>();
    if (list.size() == 1) {
      out.put("items", schema(list.get(0)));
    } else {
      alternatives("anyOf", list, items);
      out.put("items", items);
    }
  }

  /** Writes alternatives: among others true allows anything, and false nothing. */
  private void alternatives(String key, Object value, Map<String, Object> out) {
    if (!(value instanceof List<?> list) || list.contains(true)) {
      return;
    }
    List<Object> others = new ArrayList<>();
    for (Object alternative : list) {
      if (!Boolean.FALSE.equals(alternative)) {
        others.add(schema(alternative));
      }
    }
    if (!others.isEmpty()) {
      out.put(key, others);
    } else {
      lost |= !list.isEmpty();
    }
  }

  private void all(Object value, Map<String, Object> out) {
    if (!(value instanceof List<?> list)) {
      return;
    }
    List<Object> others = new ArrayList<>();
    for (Object part : list) {
      if (part instanceof Boolean allowed) {
        lost |= !allowed;
      } else {
        others.add(schema(part));
      }
    }
    if (!others.isEmpty()) {
      out.put("allOf", others);
    }
  }

  private void condition(String key, Object value, Map<String, Object> out) {
    if (value instanceof Boolean allowed) {
      lost |= allowed == key.equals("not");
    } else if (value != null) {
      out.put(key, schema(value));
    }
  }

  /**
   * Writes additional properties. A schema for them beside named properties is understood by few
   * servers. False needs no word, since models add no parameters, and grammar engines allow none
   * unless they are told to.
   */
  private void additional(Object value, Map<?, ?> schema, Map<String, Object> out) {
    boolean named = schema.get("properties") instanceof Map<?, ?> map && !map.isEmpty();
    if (Boolean.FALSE.equals(value)) {
      if (!schema.containsKey("properties")) {
        out.put("properties", new LinkedHashMap<>());
      }
    } else if (Boolean.TRUE.equals(value)) {
      out.put("additionalProperties", new LinkedHashMap<>());
    } else if (value instanceof Map<?, ?> rest) {
      if (named && !rest.isEmpty()) {
        lost = true;
      } else {
        out.put("additionalProperties", schema(rest));
      }
    }
  }

  private void rest(String key, Object value, Map<String, Object> out) {
    if (value instanceof Map<?, ?>) {
      out.put(key, schema(value));
    }
  }
}
