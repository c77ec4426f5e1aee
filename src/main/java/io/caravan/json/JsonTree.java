package io.caravan.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON that has to be changed into maps (in the order of their keys), lists, strings,
 * booleans, null and {@link Digits}.
 */
public final class JsonTree {
  private JsonTree() {}

  /** A number as it was written. */
  public record Digits(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Reads one value.
   *
   * @throws IllegalArgumentException if it isn't JSON
   */
  public static Object read(RawJson json) {
    try (JsonParser p = Json.parser(json)) {
      return read(p);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }

  /**
   * Reads the next value of a parser. A NaN or an infinity, if the parser allows them, becomes
   * null.
   */
  public static Object read(JsonParser p) throws IOException {
    p.nextToken();
    return value(p);
  }

  private static Object value(JsonParser p) throws IOException {
    JsonToken token = p.currentToken();
    if (token == null) {
      throw new IllegalArgumentException("no JSON value");
    }
    return switch (token) {
      case START_OBJECT -> object(p);
      case START_ARRAY -> array(p);
      case VALUE_STRING -> p.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> p.isNaN() ? null : new Digits(p.getText());
    };
  }

  private static Map<String, Object> object(JsonParser p) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String name = p.currentName();
      p.nextToken();
      members.put(name, value(p));
    }
    return members;
  }

  private static List<Object> array(JsonParser p) throws IOException {
    List<Object> items = new ArrayList<>();
    while (p.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(p));
    }
    return items;
  }
}
