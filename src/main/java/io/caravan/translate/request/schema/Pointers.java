package io.caravan.translate.request.schema;

import java.util.Map;

/** Finds the target of a reference inside a schema: {@code #/$defs/Name}. */
final class Pointers {
  private Pointers() {}

  /** Returns the target, or null. */
  static Object find(Object root, String ref) {
    if (!ref.startsWith("#/")) {
      return null;
    }
    Object at = root;
    for (String step : ref.substring(2).split("/", -1)) {
      String key = step.replace("~1", "/").replace("~0", "~");
      at = at instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return at;
  }
}
