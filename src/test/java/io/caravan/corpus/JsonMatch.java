package io.caravan.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Compares JSON with an expectation in which {@code "*"} stands for any value. */
public final class JsonMatch {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonMatch() {}

  public static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + json, e);
    }
  }

  /** Returns the differences, each as a line with its path. */
  public static List<String> differences(JsonNode expected, JsonNode actual) {
    List<String> found = new ArrayList<>();
    compare("$", expected, actual, found);
    return found;
  }

  private static void compare(String path, JsonNode expected, JsonNode actual, List<String> found) {
    if (expected.isTextual() && expected.textValue().equals("*")) {
      return;
    }
    if (expected.isObject() && actual.isObject()) {
      objects(path, expected, actual, found);
    } else if (expected.isArray() && actual.isArray()) {
      arrays(path, expected, actual, found);
    } else if (!same(expected, actual)) {
      found.add(path + ": expected " + expected + " but was " + actual);
    }
  }

  private static void objects(String path, JsonNode expected, JsonNode actual, List<String> found) {
    for (Map.Entry<String, JsonNode> field : expected.properties()) {
      JsonNode other = actual.get(field.getKey());
      if (other == null) {
        found.add(path + "." + field.getKey() + ": missing");
      } else {
        compare(path + "." + field.getKey(), field.getValue(), other, found);
      }
    }
    Iterator<String> names = actual.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!expected.has(name)) {
        found.add(path + "." + name + ": not expected, was " + actual.get(name));
      }
    }
  }

  private static void arrays(String path, JsonNode expected, JsonNode actual, List<String> found) {
    for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
      if (i >= actual.size()) {
        found.add(path + "[" + i + "]: missing, expected " + expected.get(i));
      } else if (i >= expected.size()) {
        found.add(path + "[" + i + "]: not expected, was " + actual.get(i));
      } else {
        compare(path + "[" + i + "]", expected.get(i), actual.get(i), found);
      }
    }
  }

  /** Compares numbers by value: 1 is 1.0. */
  private static boolean same(JsonNode expected, JsonNode actual) {
    if (expected.isNumber() && actual.isNumber()) {
      return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
    }
    return expected.equals(actual);
  }
}
