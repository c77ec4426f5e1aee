package io.caravan.models;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The models, or chains of them, that settings give to the classes of Claude's models. A class
 * without a setting has the model of the next class above it, then the one for all other names. The
 * built-in model counts only if there is no setting at all: nobody has chosen it.
 */
final class ModelClasses {
  static final String DEFAULT = "default";

  /**
   * Each class with those whose settings count for it, in the order of the settings: behind its own
   * and the default, any other.
   */
  private static final Map<String, List<String>> ORDER = new LinkedHashMap<>();

  static {
    ORDER.put(DEFAULT, List.of(DEFAULT, "opus", "sonnet", "haiku", "fable"));
    ORDER.put("fable", List.of("fable", "opus", DEFAULT, "sonnet", "haiku"));
    ORDER.put("opus", List.of("opus", DEFAULT, "sonnet", "haiku", "fable"));
    ORDER.put("sonnet", List.of("sonnet", "opus", DEFAULT, "haiku", "fable"));
    ORDER.put("haiku", List.of("haiku", "sonnet", "opus", DEFAULT, "fable"));
  }

  private final Map<String, String> settings = new LinkedHashMap<>();
  private String builtIn = "";

  void setBuiltIn(String model) {
    builtIn = model.strip();
  }

  /** Sets a class's chain; a blank one is no setting. */
  void set(String modelClass, String chain) {
    if (chain == null || chain.isBlank()) {
      settings.remove(modelClass);
    } else {
      settings.put(modelClass, chain.strip());
    }
  }

  /** Returns the classes, with {@code default} first. */
  static Set<String> names() {
    return ORDER.keySet();
  }

  /** Returns the class that a client's name for a model is of; {@code default} for any other. */
  static String of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String modelClass : ORDER.keySet()) {
      if (!modelClass.equals(DEFAULT) && lower.contains(modelClass)) {
        return modelClass;
      }
    }
    return DEFAULT;
  }

  /** Returns the chain of a class. */
  String chain(String modelClass) {
    for (String each : ORDER.get(modelClass)) {
      if (settings.containsKey(each)) {
        return settings.get(each);
      }
    }
    return builtIn;
  }

  /** Returns the chains that any name can get, by the setting that names each. */
  Map<String, String> chains() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String modelClass : ORDER.keySet()) {
      if (settings.containsKey(modelClass)) {
        all.put(setting(modelClass), settings.get(modelClass));
      }
    }
    if (all.isEmpty()) {
      all.put(setting(DEFAULT), builtIn);
    }
    return all;
  }

  private static String setting(String modelClass) {
    return modelClass.equals(DEFAULT) ? "MODEL" : "MODEL_" + modelClass.toUpperCase(Locale.ROOT);
  }

  /** Returns all models of the chains, in their order. */
  Set<String> models() {
    Set<String> all = new LinkedHashSet<>();
    for (String chain : chains().values()) {
      for (String full : chain.split(",", -1)) {
        all.add(full.strip());
      }
    }
    return all;
  }
}
