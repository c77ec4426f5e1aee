package io.caravan.markup;

import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The types that a JSON schema allows for values. They tell whether {@code 5} in an XML-like tag is
 * a number or a string.
 */
final class ToolSchema {
  /** A schema that allows any type. */
  static final ToolSchema UNKNOWN = new ToolSchema(Map.of(), Map.of());

  /** The most parts of one schema that are looked at. References may be circular. */
  private static final int MAX_BRANCHES = 64;

  private final Map<?, ?> node;
  private final Map<?, ?> root;

  private ToolSchema(Map<?, ?> node, Map<?, ?> root) {
    this.node = node;
    this.root = root;
  }

  static ToolSchema read(RawJson json) {
    try {
      return json != null && JsonTree.read(json) instanceof Map<?, ?> root
          ? new ToolSchema(root, root)
          : UNKNOWN;
    } catch (IllegalArgumentException e) {
      return UNKNOWN;
    }
  }

  /** Returns the schema of an object's member. */
  ToolSchema property(String name) {
    List<Map<?, ?>> branches = branches();
    for (Map<?, ?> branch : branches) {
      if (branch.get("properties") instanceof Map<?, ?> properties
          && properties.get(name) instanceof Map<?, ?> property) {
        return new ToolSchema(property, root);
      }
    }
    return inner(branches, "additionalProperties");
  }

  /**
   * Returns whether an object may have this member: the schema lists it, or lists none, or says
   * that there may be others.
   */
  boolean mayHave(String name) {
    Map<?, ?> listed = null;
    boolean others = false;
    for (Map<?, ?> branch : branches()) {
      if (branch.get("properties") instanceof Map<?, ?> properties) {
        listed = properties;
        if (properties.containsKey(name)) {
          return true;
        }
      }
      Object additional = branch.get("additionalProperties");
      others |= additional instanceof Map || Boolean.TRUE.equals(additional);
      others |= branch.containsKey("patternProperties");
    }
    return listed == null || others;
  }

  /**
   * Returns whether a JSON object fits: it has the members that are required, each of its members
   * may be there, and each has a type that its schema allows. Nothing deeper is looked at.
   */
  boolean fits(String json) {
    if (!(JsonTree.read(RawJson.of(json)) instanceof Map<?, ?> members)) {
      return false;
    }
    if (node.get("required") instanceof List<?> required
        && !members.keySet().containsAll(required)) {
      return false;
    }
    return members.entrySet().stream()
        .allMatch(
            member -> {
              String name = String.valueOf(member.getKey());
              Set<String> types = property(name).types();
              return mayHave(name) && (types.isEmpty() || allows(types, member.getValue()));
            });
  }

  private static boolean allows(Set<String> types, Object value) {
    if (value instanceof JsonTree.Digits digits) {
      boolean whole = digits.text().matches("-?\\d+(\\.0+)?");
      return types.contains("number") || (whole && types.contains("integer"));
    }
    return types.contains(typeOf(value));
  }

  /** Returns the schema of an array's items. */
  ToolSchema items() {
    return inner(branches(), "items");
  }

  private ToolSchema inner(List<Map<?, ?>> branches, String keyword) {
    for (Map<?, ?> branch : branches) {
      if (branch.get(keyword) instanceof Map<?, ?> schema) {
        return new ToolSchema(schema, root);
      }
    }
    return UNKNOWN;
  }

  /** Returns the names of the types that a value may have; empty if the schema names none. */
  Set<String> types() {
    Set<String> types = new HashSet<>();
    for (Map<?, ?> branch : branches()) {
      Object type = branch.get("type");
      if (type instanceof String name) {
        types.add(name);
      } else if (type instanceof List<?> names) {
        names.forEach(name -> types.add(String.valueOf(name)));
      } else {
        addImplied(branch, types);
      }
    }
    return types;
  }

  private static void addImplied(Map<?, ?> schema, Set<String> types) {
    if (schema.get("enum") instanceof List<?> values) {
      values.forEach(value -> types.add(typeOf(value)));
    } else if (schema.containsKey("const")) {
      types.add(typeOf(schema.get("const")));
    } else if (schema.containsKey("properties")) {
      types.add("object");
    } else if (schema.containsKey("items")) {
      types.add("array");
    }
  }

  private static String typeOf(Object value) {
    if (value == null) {
      return "null";
    } else if (value instanceof String) {
      return "string";
    } else if (value instanceof Boolean) {
      return "boolean";
    } else if (value instanceof Map<?, ?>) {
      return "object";
    }
    return value instanceof List<?> ? "array" : "number";
  }

  /**
   * Returns the schema itself and its parts: references, {@code anyOf}, {@code oneOf}, {@code
   * allOf}.
   */
  private List<Map<?, ?>> branches() {
    List<Map<?, ?>> found = new ArrayList<>();
    collect(node, found);
    return found;
  }

  private void collect(Map<?, ?> schema, List<Map<?, ?>> found) {
    if (found.size() == MAX_BRANCHES || found.stream().anyMatch(known -> known == schema)) {
      return;
    }
    found.add(schema);
    if (schema.get("$ref") instanceof String reference) {
      collect(referred(reference), found);
    }
    for (String keyword : List.of("anyOf", "oneOf", "allOf")) {
      if (schema.get(keyword) instanceof List<?> parts) {
        for (Object part : parts) {
          if (part instanceof Map<?, ?> map) {
            collect(map, found);
          }
        }
      }
    }
  }

  /** Returns the target of a reference inside the document ({@code #/$defs/Name}). */
  private Map<?, ?> referred(String reference) {
    Object at = root;
    if (reference.startsWith("#")) {
      for (String step : reference.substring(1).split("/", -1)) {
        if (!step.isEmpty()) {
          at = at instanceof Map<?, ?> map ? map.get(unescape(step)) : null;
        }
      }
    }
    return at instanceof Map<?, ?> map && at != root ? map : Map.of();
  }

  private static String unescape(String step) {
    return step.replace("~1", "/").replace("~0", "~");
  }
}
