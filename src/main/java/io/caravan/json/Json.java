package io.caravan.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** Sets the limits of JSON in one place, and does the reading that needs no more than a parser. */
public final class Json {
  /** The most objects and arrays that may be nested. */
  public static final int MAX_NESTING = 200;

  /** The most characters of one string: the size that Anthropic allows for a whole request. */
  public static final int MAX_STRING = 32 * 1024 * 1024;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxStringLength(MAX_STRING)
                  .build())
          // Names come from clients and models. Interning them would fill a table that never
          // shrinks.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private Json() {}

  /** Returns the factory that applies these limits. */
  public static JsonFactory factory() {
    return FACTORY;
  }

  /** Returns a parser that stands before the value. */
  public static JsonParser parser(RawJson json) throws IOException {
    return FACTORY.createParser(json.buffer(), json.offset(), json.length());
  }

  /**
   * Returns the value at which the parser stands, as a slice of its buffer, and moves the parser to
   * the end of the value.
   *
   * @param buffer the buffer that the parser was created on
   * @param base the index at which the parser's input begins
   */
  public static RawJson slice(JsonParser p, byte[] buffer, int base) throws IOException {
    int start = base + (int) p.currentTokenLocation().getByteOffset();
    p.skipChildren();
    p.finishToken();
    int end = base + (int) p.currentLocation().getByteOffset();
    return new RawJson(buffer, start, end - start);
  }

  /** Returns whether a text is one whole JSON value. */
  public static boolean isValue(RawJson json) {
    return isWhole(json, Objects::nonNull);
  }

  /** Returns whether a text is one whole JSON object. */
  public static boolean isObject(RawJson json) {
    return isWhole(json, first -> first == JsonToken.START_OBJECT);
  }

  private static boolean isWhole(RawJson json, Predicate<JsonToken> begins) {
    try (JsonParser p = parser(json)) {
      if (!begins.test(p.nextToken())) {
        return false;
      }
      p.skipChildren();
      return p.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Returns the members of a JSON object in their order.
   *
   * @throws IllegalArgumentException if the value isn't an object
   */
  public static Map<String, RawJson> members(RawJson json) {
    Map<String, RawJson> members = new LinkedHashMap<>();
    try (JsonParser p = parser(json)) {
      if (p.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("not a JSON object");
      }
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        String name = p.currentName();
        p.nextToken();
        members.put(name, slice(p, json.buffer(), json.offset()));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not a JSON object", e);
    }
    return Collections.unmodifiableMap(members);
  }
}
