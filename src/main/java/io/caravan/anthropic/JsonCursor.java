package io.caravan.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import io.caravan.json.Json;
import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A parser that knows its place in the request and names it if a value has the wrong type. Each
 * method reads the current value and leaves the parser at its last token.
 */
final class JsonCursor {
  private final JsonParser p;
  private final byte[] buffer;
  private final int base;
  private final JsonPath path;
  private final List<UnsupportedOption> unsupported;

  JsonCursor(JsonParser p, byte[] buffer) {
    this(p, buffer, 0, new JsonPath(), new ArrayList<>(0));
  }

  private JsonCursor(
      JsonParser p, byte[] buffer, int base, JsonPath path, List<UnsupportedOption> unsupported) {
    this.p = p;
    this.buffer = buffer;
    this.base = base;
    this.path = path;
    this.unsupported = unsupported;
  }

  /** Reads the value of a field. */
  @FunctionalInterface
  interface Field {
    void read(String name) throws IOException;
  }

  /** Reads an item of a list. */
  @FunctionalInterface
  interface Item<T> {
    T read() throws IOException;
  }

  /** A field that came before its meaning was known. */
  record Unread(String name, RawJson value) {}

  JsonPath path() {
    return path;
  }

  /** Notes an option that is not read any further. */
  void note(UnsupportedOption option) {
    unsupported.add(option);
  }

  List<UnsupportedOption> unsupported() {
    return List.copyOf(unsupported);
  }

  boolean atNull() {
    return p.currentToken() == JsonToken.VALUE_NULL;
  }

  boolean atString() {
    return p.currentToken() == JsonToken.VALUE_STRING;
  }

  boolean atObject() {
    return p.currentToken() == JsonToken.START_OBJECT;
  }

  boolean atArray() {
    return p.currentToken() == JsonToken.START_ARRAY;
  }

  /** Returns the index in the buffer at which the current value begins. */
  int start() {
    return base + (int) p.currentTokenLocation().getByteOffset();
  }

  /** Returns the JSON from a value's beginning to the end of the current token. */
  RawJson since(int start) {
    int end = base + (int) p.currentLocation().getByteOffset();
    return new RawJson(buffer, start, end - start);
  }

  RawJson raw() throws IOException {
    return Json.slice(p, buffer, base);
  }

  void skip() throws IOException {
    p.skipChildren();
  }

  void object(Field field) throws IOException {
    if (!atObject()) {
      throw path.error("Input should be an object");
    }
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String name = p.currentName();
      p.nextToken();
      path.enter(name);
      field.read(name);
      path.leave();
    }
  }

  <T> List<T> list(Item<T> item) throws IOException {
    if (!atArray()) {
      throw path.error("Input should be a valid array");
    }
    List<T> items = new ArrayList<>();
    while (p.nextToken() != JsonToken.END_ARRAY) {
      path.enter(items.size());
      items.add(item.read());
      path.leave();
    }
    return items;
  }

  /** Returns a cursor at a value that was set aside. Its path continues this one. */
  JsonCursor at(RawJson value) throws IOException {
    JsonParser sub = Json.parser(value);
    sub.nextToken();
    return new JsonCursor(sub, value.buffer(), value.offset(), path, unsupported);
  }

  RawJson objectOrNull() throws IOException {
    if (atNull()) {
      return null;
    }
    if (!atObject()) {
      throw path.error("Input should be an object");
    }
    return raw();
  }

  String string() throws IOException {
    needString();
    return p.getText();
  }

  private void needString() {
    if (!atString()) {
      throw path.error("Input should be a valid string");
    }
  }

  /** Reads a text that is sent on. It is decoded only if that is necessary. */
  JsonText text() throws IOException {
    needString();
    JsonText asItCame = JsonText.in(buffer, start());
    return asItCame != null ? asItCame : JsonText.of(p.getText());
  }

  JsonText textOrNull() throws IOException {
    return atNull() ? null : text();
  }

  String stringOrNull() throws IOException {
    return atNull() ? null : string();
  }

  Boolean boolOrNull() throws IOException {
    return switch (p.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw path.error("Input should be a valid boolean");
    };
  }

  Integer integerOrNull() throws IOException {
    if (atNull()) {
      return null;
    }
    if (p.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw path.error("Input should be a valid integer");
    }
    try {
      return p.getIntValue();
    } catch (InputCoercionException e) {
      throw path.error("Input should be an integer of at most " + Integer.MAX_VALUE);
    }
  }

  Double numberOrNull() throws IOException {
    if (atNull()) {
      return null;
    }
    if (!p.currentToken().isNumeric() || !Double.isFinite(p.getDoubleValue())) {
      throw path.error("Input should be a valid number");
    }
    return p.getDoubleValue();
  }
}
