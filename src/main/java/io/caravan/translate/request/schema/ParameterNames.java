package io.caravan.translate.request.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The aliases of one tool's parameters whose names an upstream refuses. Hosted NIM walks through a
 * schema without regard to the place, and takes a parameter named {@code type} for the keyword
 * (openclaw/openclaw#78920). An alias is the name with underscores behind it, and no other
 * parameter of the tool has it.
 *
 * <p>A name counts by its place: a member of a free-form object keeps its name, whatever it is.
 */
public final class ParameterNames {
  /** The most schemas that one value is compared with. References may be circular. */
  private static final int MAX_SCHEMAS = 64;

  private final Map<?, ?> root;
  private final Map<String, String> aliases;
  private final Map<String, String> originals = new LinkedHashMap<>();

  private ParameterNames(Map<?, ?> root, Map<String, String> aliases) {
    this.root = root;
    this.aliases = aliases;
    aliases.forEach((name, alias) -> originals.put(alias, name));
  }

  /**
   * Returns the aliases of a tool.
   *
   * @param schema the client's schema
   * @param reserved the names that the upstream refuses
   * @return null if the tool has no such parameter
   */
  static ParameterNames of(Object schema, Collection<String> reserved) {
    if (reserved.isEmpty() || !(schema instanceof Map<?, ?> root)) {
      return null;
    }
    Set<String> declared = new HashSet<>();
    Subschemas.change(
        schema,
        each -> {
          addDeclared(each, declared);
          return each;
        });
    Map<String, String> aliases = new LinkedHashMap<>();
    for (String name : reserved) {
      if (declared.contains(name)) {
        StringBuilder alias = new StringBuilder(name).append('_');
        while (declared.contains(alias.toString())) {
          alias.append('_');
        }
        declared.add(alias.toString());
        aliases.put(name, alias.toString());
      }
    }
    return aliases.isEmpty() ? null : new ParameterNames(root, aliases);
  }

  private static void addDeclared(Map<?, ?> schema, Set<String> declared) {
    if (schema.get("properties") instanceof Map<?, ?> named) {
      named.keySet().forEach(name -> declared.add((String) name));
    }
    if (schema.get("required") instanceof List<?> names) {
      names.forEach(name -> declared.add(String.valueOf(name)));
    }
  }

  /** Returns the schema under the upstream's names. */
  Object renamed(Object schema) {
    return Subschemas.change(schema, this::renamedMembers);
  }

  private Map<String, Object> renamedMembers(Map<String, Object> schema) {
    for (Map.Entry<String, Object> member : schema.entrySet()) {
      Object value = member.getValue();
      switch (member.getKey()) {
        case "properties", "dependentSchemas" -> member.setValue(renamedKeys(value));
        case "required" -> member.setValue(renamedItems(value));
        case "dependentRequired", "dependencies" -> {
          if (renamedKeys(value) instanceof Map<?, ?> map) {
            Map<Object, Object> out = new LinkedHashMap<>();
            map.forEach((name, needed) -> out.put(name, renamedItems(needed)));
            member.setValue(out);
          }
        }
        case "$ref" -> member.setValue(value instanceof String ref ? renamedPointer(ref) : value);
        default -> {}
      }
    }
    return schema;
  }

  private Object renamedKeys(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    Map<String, Object> out = new LinkedHashMap<>();
    map.forEach((name, member) -> out.put(alias((String) name), member));
    return out;
  }

  private Object renamedItems(Object value) {
    if (!(value instanceof List<?> list)) {
      return value;
    }
    List<Object> out = new ArrayList<>(list.size());
    list.forEach(item -> out.add(item instanceof String name ? alias(name) : item));
    return out;
  }

  /** Renames the steps of a reference to another parameter: {@code #/properties/type/items}. */
  private String renamedPointer(String ref) {
    String[] steps = ref.split("/", -1);
    for (int i = 1; i < steps.length; i++) {
      if (steps[i - 1].equals("properties")) {
        steps[i] = alias(steps[i]);
      }
    }
    return String.join("/", steps);
  }

  private String alias(String name) {
    return aliases.getOrDefault(name, name);
  }

  /** Returns a renamer of arguments that an upstream's model has written. */
  public ArgumentRenamer toClient() {
    return new ArgumentRenamer(place(root), originals);
  }

  /** Returns a renamer of arguments that a client replays. */
  public ArgumentRenamer toUpstream() {
    return new ArgumentRenamer(place(root), Map.of()) {
      @Override
      String renamed(Place place, String name) {
        return place.declares(name) ? alias(name) : name;
      }
    };
  }

  private Place place(Object schema) {
    List<Map<?, ?>> schemas = new ArrayList<>(2);
    collect(schema, schemas);
    return schemas.isEmpty() ? null : new Place(schemas);
  }

  /** Adds a schema and its parts: references, {@code anyOf} and the like. */
  private void collect(Object schema, List<Map<?, ?>> schemas) {
    if (!(schema instanceof Map<?, ?> map)
        || schemas.size() == MAX_SCHEMAS
        || schemas.stream().anyMatch(known -> known == map)) {
      return;
    }
    schemas.add(map);
    if (map.get("$ref") instanceof String ref) {
      collect(Pointers.find(root, ref), schemas);
    }
    for (String keyword : List.of("anyOf", "oneOf", "allOf", "if", "then", "else")) {
      if (map.get(keyword) instanceof List<?> parts) {
        parts.forEach(part -> collect(part, schemas));
      } else {
        collect(map.get(keyword), schemas);
      }
    }
  }

  /** A place in the arguments, with the client's schemas for the value there. */
  final class Place {
    private final List<Map<?, ?>> schemas;

    private Place(List<Map<?, ?>> schemas) {
      this.schemas = schemas;
    }

    /** Returns whether the object there has a parameter of that name. */
    boolean declares(String name) {
      for (Map<?, ?> schema : schemas) {
        if ((schema.get("properties") instanceof Map<?, ?> named && named.containsKey(name))
            || (schema.get("required") instanceof List<?> required && required.contains(name))) {
          return true;
        }
      }
      return false;
    }

    /** Returns the place of a member, by the client's name; null if nothing is declared there. */
    Place property(String name) {
      List<Map<?, ?>> found = new ArrayList<>(2);
      for (Map<?, ?> schema : schemas) {
        if (schema.get("properties") instanceof Map<?, ?> named) {
          collect(named.get(name), found);
        }
      }
      if (found.isEmpty()) {
        schemas.forEach(schema -> collect(schema.get("additionalProperties"), found));
      }
      return found.isEmpty() ? null : new Place(found);
    }

    /** Returns the place of an array's item. */
    Place item() {
      List<Map<?, ?>> found = new ArrayList<>(2);
      for (Map<?, ?> schema : schemas) {
        for (String keyword : List.of("items", "prefixItems")) {
          if (schema.get(keyword) instanceof List<?> list) {
            list.forEach(item -> collect(item, found));
          } else {
            collect(schema.get(keyword), found);
          }
        }
      }
      return found.isEmpty() ? null : new Place(found);
    }
  }
}
