package io.caravan.provider;

import io.caravan.openai.CommaSeparated;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code name=value} pairs whose values are true, false, a number or a bare string. */
final class TemplateKwargs {
  private TemplateKwargs() {}

  static Map<String, String> parse(String list) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String entry : CommaSeparated.of(list)) {
      int equals = entry.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("templateKwargs: " + entry + " is not name=value");
      }
      values.put(entry.substring(0, equals).strip(), json(entry.substring(equals + 1).strip()));
    }
    return Collections.unmodifiableMap(values);
  }

  private static String json(String value) {
    boolean literal = value.equals("true") || value.equals("false") || isNumber(value);
    return literal ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static boolean isNumber(String value) {
    return value.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
  }
}
