package io.caravan.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/**
 * Writes JSON to a byte buffer. Fields go out in the order they are written, without white space:
 * the same calls give the same bytes, which upstreams' prompt caches live on.
 */
public final class JsonWriter {
  private final Buffer out;
  private final JsonGenerator json;

  /**
   * @param expectedSize bytes to make room for
   */
  public JsonWriter(int expectedSize) {
    out = new Buffer(expectedSize);
    try {
      json = Json.factory().createGenerator(out);
    } catch (IOException e) {
      throw Json.impossible(e);
    }
  }

  /** A step of writing. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private JsonWriter step(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw Json.impossible(e);
    }
    return this;
  }

  public JsonWriter beginObject() {
    return step(json::writeStartObject);
  }

  public JsonWriter beginObject(String field) {
    return step(() -> json.writeObjectFieldStart(field));
  }

  public JsonWriter endObject() {
    return step(json::writeEndObject);
  }

  public JsonWriter beginArray() {
    return step(json::writeStartArray);
  }

  public JsonWriter beginArray(String field) {
    return step(() -> json.writeArrayFieldStart(field));
  }

  public JsonWriter endArray() {
    return step(json::writeEndArray);
  }

  public JsonWriter name(String field) {
    return step(() -> json.writeFieldName(field));
  }

  /** A string; half a surrogate pair becomes U+FFFD, since UTF-8 has no form for it. */
  public JsonWriter value(String text) {
    return step(() -> json.writeString(Surrogates.repair(text)));
  }

  public JsonWriter value(boolean value) {
    return step(() -> json.writeBoolean(value));
  }

  public JsonWriter value(long value) {
    return step(() -> json.writeNumber(value));
  }

  public JsonWriter nullValue() {
    return step(json::writeNull);
  }

  public JsonWriter field(String field, String text) {
    return name(field).value(text);
  }

  public JsonWriter field(String field, boolean value) {
    return name(field).value(value);
  }

  public JsonWriter field(String field, long value) {
    return name(field).value(value);
  }

  public JsonWriter field(String field, double value) {
    return step(() -> json.writeNumberField(field, value));
  }

  /** A value copied byte by byte. */
  public JsonWriter raw(RawJson value) {
    return step(
        () -> {
          json.writeRawValue("");
          json.flush();
          value.writeTo(out);
        });
  }

  public JsonWriter field(String field, RawJson value) {
    return name(field).raw(value);
  }

  /** JSON text as a string, as tool calls carry their arguments. */
  public JsonWriter quoted(RawJson value) {
    return step(() -> json.writeUTF8String(value.buffer(), value.offset(), value.length()));
  }

  /** A value of {@link JsonTree}. */
  public JsonWriter tree(Object value) {
    return step(() -> writeTree(value));
  }

  private void writeTree(Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> member : map.entrySet()) {
        json.writeFieldName(Surrogates.repair((String) member.getKey()));
        writeTree(member.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof Iterable<?> list) {
      json.writeStartArray();
      for (Object item : list) {
        writeTree(item);
      }
      json.writeEndArray();
    } else if (value instanceof String text) {
      json.writeString(Surrogates.repair(text));
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value == null) {
      json.writeNull();
    } else {
      json.writeNumber(value.toString());
    }
  }

  /** Bytes written so far. */
  public int size() {
    step(json::flush);
    return out.size();
  }

  /** What was written, without a copy; nothing may be written after. */
  public RawJson finish() {
    step(json::close);
    return out.contents();
  }

  /** A byte array stream that gives its buffer away. */
  private static final class Buffer extends ByteArrayOutputStream {
    Buffer(int size) {
      super(size);
    }

    RawJson contents() {
      return new RawJson(buf, 0, count);
    }
  }
}
