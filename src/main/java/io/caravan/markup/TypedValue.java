package io.caravan.markup;

import java.util.Locale;
import java.util.Set;

/** Turns the text between two tags into JSON. */
final class TypedValue {
  private TypedValue() {}

  /**
   * A value by the types its schema allows. MarkupText that fits none of them stays a string: the
   * client's own validation says so to the model, which a dropped call would not.
   */
  static String json(String text, ToolSchema schema) {
    Set<String> types = schema.types();
    if (types.isEmpty()) {
      return guess(text);
    }
    String value = text.strip();
    if (types.contains("null") && (value.equals("null") || value.equals("None"))) {
      return "null";
    }
    String lower = value.toLowerCase(Locale.ROOT);
    if (types.contains("boolean") && (lower.equals("true") || lower.equals("false"))) {
      return lower;
    }
    if ((types.contains("integer") || types.contains("number")) && isNumber(value)) {
      return value;
    }
    String nested = nested(value, types);
    if (nested != null) {
      return nested;
    }
    return types.contains("string") ? ModelJson.quote(text) : guess(text);
  }

  private static String nested(String value, Set<String> types) {
    if (value.startsWith("{") && types.contains("object")) {
      return ModelJson.object(value);
    }
    if (!types.contains("array")) {
      return null;
    }
    if (value.isEmpty() && !types.contains("string")) {
      return "[]";
    }
    return value.startsWith("[") && ModelJson.isValue(value) ? value : null;
  }

  /** Without a type: JSON if it is any, else a string, as GLM's and Qwen's templates write them. */
  static String guess(String text) {
    String value = text.strip();
    boolean json = !value.isEmpty() && value.charAt(0) != '"' && ModelJson.isValue(value);
    return json ? value : ModelJson.quote(text);
  }

  private static boolean isNumber(String value) {
    return !value.isEmpty()
        && (value.charAt(0) == '-' || Character.isDigit(value.charAt(0)))
        && ModelJson.isValue(value);
  }
}
