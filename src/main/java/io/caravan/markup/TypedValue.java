package io.caravan.markup;

import java.util.Locale;
import java.util.Set;

/** Converts the text between two tags to JSON. */
final class TypedValue {
  private TypedValue() {}

  /**
   * Returns the JSON of a value, by the types that its schema allows. Text that fits none of them
   * stays a string: the client's validation then reports it to the model, while a dropped call
   * would not.
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
      String object = ModelJson.object(value);
      return object == null ? PythonCalls.json(value) : object;
    }
    if (!types.contains("array")) {
      return null;
    }
    if (value.isEmpty() && !types.contains("string")) {
      return "[]";
    }
    if (!value.startsWith("[")) {
      return null;
    }
    // Models that were trained on Python write its literals (SGLang's parsers read them as well).
    return ModelJson.isValue(value) ? value : PythonCalls.json(value);
  }

  /**
   * Returns the JSON of a value without a type. A text that isn't JSON is a string, which is how
   * the templates of GLM and Qwen write them.
   */
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
