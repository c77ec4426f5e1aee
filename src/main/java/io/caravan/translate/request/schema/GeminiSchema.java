package io.caravan.translate.request.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a JSON schema in the subset of OpenAPI that Gemini accepts. Gemini refuses an unknown
 * keyword with 400 {@code Unknown name "x": Cannot find field} (iflow-ai/iflow-cli#238), so only
 * keywords of its reference are kept.
 */
final class GeminiSchema {
  /**
   * The most nodes that are written. A schema may refer to itself many times over; the rest is left
   * open.
   */
  private static final int MOST_NODES = 5000;

  private static final Set<String> KEPT =
      Set.of(
          "title",
          "description",
          "nullable",
          "minItems",
          "maxItems",
          "minProperties",
          "maxProperties",
          "minimum",
          "maximum",
          "minLength",
          "maxLength");

  private static final Set<String> WITHOUT_MEANING =
      Set.of("$schema", "$id", "$comment", "$defs", "definitions", "default", "examples");

  private static final Set<String> FORMATS =
      Set.of("float", "double", "int32", "int64", "enum", "date-time");

  private final Object root;
  private final List<String> open = new ArrayList<>();
  private int nodes;
  private boolean lost;

  GeminiSchema(Object root) {
    this.root = root;
  }

  Map<String, Object> reduced() {
    return schema(root);
  }

  boolean lost() {
    return lost;
  }

  private Map<String, Object> schema(Object node) {
    if (!(node instanceof Map<?, ?> map) || ++nodes > MOST_NODES) {
      lost = true;
      return new LinkedHashMap<>();
    }
    if (map.get("$ref") instanceof String ref) {
      return referred(ref, map);
    }
    Map<String, Object> out = new LinkedHashMap<>();
    map.forEach((key, value) -> member((String) key, value, out));
    complete(out);
    return out;
  }

  private Map<String, Object> referred(String ref, Map<?, ?> map) {
    Object target = open.contains(ref) ? null : Pointers.find(root, ref);
    Map<String, Object> out;
    if (target == null) {
      lost = true;
      out = new LinkedHashMap<>();
      out.put("type", "object");
    } else {
      open.add(ref);
      out = schema(target);
      open.remove(open.size() - 1);
    }
    if (map.get("description") instanceof String description) {
      out.put("description", description);
    }
    return out;
  }

  private void member(String key, Object value, Map<String, Object> out) {
    switch (key) {
      case "type" -> type(value, out);
      case "enum" -> choices(value, out);
      case "const" -> choices(Collections.singletonList(value), out);
      case "properties" -> out.put(key, properties(value));
      case "required" -> required(value, out);
      case "items" -> items(value, out);
      case "anyOf", "oneOf" -> alternatives(value, out);
      case "allOf" -> all(value, out);
      case "format" ->
          keepIf(value instanceof String format && FORMATS.contains(format), key, value, out);
      case "pattern" -> lost |= PortablePattern.put(value, out);
      default -> {
        if (!WITHOUT_MEANING.contains(key)) {
          keepIf(KEPT.contains(key), key, value, out);
        }
      }
    }
  }

  private void keepIf(boolean kept, String key, Object value, Map<String, Object> out) {
    if (kept && value != null) {
      out.put(key, value);
    } else {
      lost |= value != null && !Boolean.FALSE.equals(value);
    }
  }

  private void type(Object value, Map<String, Object> out) {
    if (value instanceof String name) {
      out.put("type", name);
    } else if (value instanceof List<?> names) {
      List<?> others = names.stream().filter(name -> !"null".equals(name)).toList();
      if (others.size() < names.size()) {
        out.put("nullable", true);
      }
      if (others.size() == 1) {
        out.put("type", others.get(0));
      } else {
        out.put("anyOf", others.stream().map(GeminiSchema::ofType).toList());
      }
    }
  }

  private static Object ofType(Object name) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", name);
    return schema;
  }

  /** Writes an enumeration, which can only contain strings. */
  private void choices(Object value, Map<String, Object> out) {
    if (!(value instanceof List<?> list)) {
      return;
    }
    List<?> texts = list.stream().filter(choice -> choice != null && !"".equals(choice)).toList();
    if (texts.isEmpty() || !texts.stream().allMatch(String.class::isInstance)) {
      lost = true;
      return;
    }
    out.putIfAbsent("type", "string");
    out.put("enum", texts);
    if (list.contains(null)) {
      out.put("nullable", true);
    }
  }

  private Map<String, Object> properties(Object value) {
    Map<String, Object> out = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, schema) -> out.put((String) name, schema(schema)));
    }
    return out;
  }

  private static void required(Object value, Map<String, Object> out) {
    if (value instanceof List<?> list && !list.isEmpty()) {
      out.put("required", list);
    }
  }

  private void items(Object value, Map<String, Object> out) {
    if (value instanceof List<?> list) {
      lost = true;
      out.put("items", list.isEmpty() ? new LinkedHashMap<>() : schema(list.get(0)));
    } else {
      out.put("items", schema(value));
    }
  }

  private void alternatives(Object value, Map<String, Object> out) {
    if (!(value instanceof List<?> list)) {
      return;
    }
    List<Map<String, Object>> others = new ArrayList<>();
    for (Object alternative : list) {
      if (alternative instanceof Map<?, ?> map && "null".equals(map.get("type"))) {
        out.put("nullable", true);
      } else {
        others.add(schema(alternative));
      }
    }
    if (others.size() == 1) {
      others.get(0).forEach(out::putIfAbsent);
    } else if (!others.isEmpty()) {
      out.put("anyOf", others);
    }
  }

  /** Writes one schema with the properties of all. */
  private void all(Object value, Map<String, Object> out) {
    if (!(value instanceof List<?> list)) {
      return;
    }
    lost |= list.size() > 1;
    for (Object part : list) {
      schema(part).forEach((key, member) -> out.merge(key, member, GeminiSchema::both));
    }
  }

  private static Object both(Object first, Object second) {
    if (first instanceof Map<?, ?> a && second instanceof Map<?, ?> b) {
      Map<Object, Object> union = new LinkedHashMap<>(a);
      union.putAll(b);
      return union;
    }
    if (first instanceof List<?> a && second instanceof List<?> b) {
      List<Object> union = new ArrayList<>(a);
      b.stream().filter(item -> !union.contains(item)).forEach(union::add);
      return union;
    }
    return first;
  }

  private static void complete(Map<String, Object> out) {
    if (out.get("properties") instanceof Map<?, ?> none && none.isEmpty()) {
      // Gemini: "properties: should be non-empty for OBJECT type" (browser-use/browser-use#3786).
      out.remove("properties");
    }
    if ("array".equals(out.get("type"))) {
      out.putIfAbsent("items", new LinkedHashMap<>());
    }
    if (out.get("required") instanceof List<?> required) {
      // Gemini refuses a required property that isn't declared.
      Map<?, ?> known = out.get("properties") instanceof Map<?, ?> map ? map : Map.of();
      List<?> kept =
          required.stream().filter(name -> name != null && known.containsKey(name)).toList();
      if (kept.isEmpty()) {
        out.remove("required");
      } else {
        out.put("required", kept);
      }
    }
  }
}
