package io.caravan.json;

import java.util.Map;

/**
 * Writes JSON to a byte buffer. Fields are written in the order of the calls, without white space:
 * the same calls give the same bytes, which the prompt caches of upstreams depend on. The writer
 * puts the commas; the caller closes each object and list.
 */
public final class JsonWriter {
  private static final byte[] TRUE = JsonBytes.constant("true");
  private static final byte[] FALSE = JsonBytes.constant("false");

  private final JsonBytes out;

  /** True if the next value follows another one of its object or list. */
  private boolean afterValue;

  /**
   * @param expectedSize the bytes to make room for
   */
  public JsonWriter(int expectedSize) {
    out = new JsonBytes(expectedSize);
  }

  /** Begins a value: writes the comma that belongs before it. */
  private JsonBytes next() {
    if (afterValue) {
      out.raw(',');
    }
    afterValue = true;
    return out;
  }

  private JsonWriter begin(char bracket) {
    next().raw(bracket);
    afterValue = false;
    return this;
  }

  private JsonWriter end(char bracket) {
    out.raw(bracket);
    afterValue = true;
    return this;
  }

  public JsonWriter beginObject() {
    return begin('{');
  }

  public JsonWriter beginObject(String field) {
    return name(field).beginObject();
  }

  public JsonWriter endObject() {
    return end('}');
  }

  public JsonWriter beginArray() {
    return begin('[');
  }

  public JsonWriter beginArray(String field) {
    return name(field).beginArray();
  }

  public JsonWriter endArray() {
    return end(']');
  }

  public JsonWriter name(String field) {
    next().raw('"').string(field).raw('"').raw(':');
    afterValue = false;
    return this;
  }

  /** Writes a string. Half a surrogate pair becomes U+FFFD, since UTF-8 has no form for it. */
  public JsonWriter value(String text) {
    next().stringOrNull(text);
    return this;
  }

  /** Writes a text as it came. */
  public JsonWriter value(JsonText text) {
    text.writeTo(next());
    return this;
  }

  JsonWriter value(boolean value) {
    next().raw(value ? TRUE : FALSE);
    return this;
  }

  JsonWriter value(long value) {
    next().number(value);
    return this;
  }

  public JsonWriter nullValue() {
    return value((String) null);
  }

  public JsonWriter field(String field, String text) {
    return name(field).value(text);
  }

  public JsonWriter field(String field, JsonText text) {
    return name(field).value(text);
  }

  public JsonWriter field(String field, boolean value) {
    return name(field).value(value);
  }

  public JsonWriter field(String field, long value) {
    return name(field).value(value);
  }

  /**
   * Writes a number as a field.
   *
   * @throws IllegalArgumentException if JSON has no form for it
   */
  public JsonWriter field(String field, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(field + " is not finite");
    }
    name(field).next().raw(Double.toString(value));
    return this;
  }

  /** Copies a value byte by byte. */
  JsonWriter raw(RawJson value) {
    next().raw(value.buffer(), value.offset(), value.length());
    return this;
  }

  public JsonWriter field(String field, RawJson value) {
    return name(field).raw(value);
  }

  /** Writes JSON text as a string, which is how tool calls carry their arguments. */
  public JsonWriter quoted(RawJson value) {
    next().raw('"').string(value.buffer(), value.offset(), value.length()).raw('"');
    return this;
  }

  /** Writes a value of {@link JsonTree}. */
  public JsonWriter tree(Object value) {
    if (value instanceof Map<?, ?> map) {
      beginObject();
      map.forEach((name, member) -> name((String) name).tree(member));
      return endObject();
    }
    if (value instanceof Iterable<?> list) {
      beginArray();
      list.forEach(this::tree);
      return endArray();
    }
    if (value instanceof Boolean bool) {
      return value(bool.booleanValue());
    }
    if (value == null || value instanceof String) {
      return value((String) value);
    }
    next().raw(value.toString());
    return this;
  }

  /** Returns the number of bytes written so far. */
  public int size() {
    return out.length();
  }

  /** Returns the JSON without a copy. Nothing may be written afterwards. */
  public RawJson finish() {
    return new RawJson(out.buffer(), 0, out.length());
  }
}
