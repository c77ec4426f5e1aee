package io.caravan.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads pieces of tool calls. Any of their fields may be missing, null or empty. */
final class ToolCallReader {
  private Integer index;
  private String id;
  private String name;
  private String arguments = "";
  private String thoughtSignature;

  private ToolCallReader() {}

  /** Reads the value of {@code tool_calls}; null if there are none. */
  static List<ToolCallDelta> readAll(JsonParser p, JsonToken value, byte[] buffer, int base)
      throws IOException {
    if (value == JsonToken.START_OBJECT) {
      return list(new ToolCallReader().read(p, buffer, base));
    }
    if (value != JsonToken.START_ARRAY) {
      p.skipChildren();
      return null;
    }
    List<ToolCallDelta> calls = null;
    for (JsonToken item = p.nextToken();
        item != JsonToken.END_ARRAY && item != null;
        item = p.nextToken()) {
      if (item != JsonToken.START_OBJECT) {
        p.skipChildren();
        continue;
      }
      calls = calls == null ? new ArrayList<>(2) : calls;
      calls.add(new ToolCallReader().read(p, buffer, base));
    }
    return calls;
  }

  /** Reads the value of {@code function_call}. A message has only one. */
  static List<ToolCallDelta> readLegacy(JsonParser p, JsonToken value, byte[] buffer, int base)
      throws IOException {
    if (value != JsonToken.START_OBJECT) {
      p.skipChildren();
      return null;
    }
    ToolCallReader call = new ToolCallReader();
    call.index = 0;
    call.function(p, value, buffer, base);
    return list(call.toDelta());
  }

  private static List<ToolCallDelta> list(ToolCallDelta call) {
    List<ToolCallDelta> calls = new ArrayList<>(1);
    calls.add(call);
    return calls;
  }

  private ToolCallDelta read(JsonParser p, byte[] buffer, int base) throws IOException {
    for (String field = p.nextFieldName(); field != null; field = p.nextFieldName()) {
      JsonToken value = p.nextToken();
      switch (field) {
        case "index" -> index = index(p, value);
        case "id" -> id = scalar(p, value);
        case "function", "custom" -> function(p, value, buffer, base);
        case "extra_content" -> thoughtSignature(p, value);
        // Some servers omit the wrapper.
        case "name" -> name = name == null ? scalar(p, value) : name;
        case "arguments" -> arguments(p, value, buffer, base);
        default -> p.skipChildren();
      }
    }
    return toDelta();
  }

  private void function(JsonParser p, JsonToken value, byte[] buffer, int base) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      p.skipChildren();
      return;
    }
    for (String field = p.nextFieldName(); field != null; field = p.nextFieldName()) {
      JsonToken inner = p.nextToken();
      switch (field) {
        case "name" -> name = scalar(p, inner);
        case "arguments", "parameters", "input" -> arguments(p, inner, buffer, base);
        default -> p.skipChildren();
      }
    }
  }

  private void arguments(JsonParser p, JsonToken value, byte[] buffer, int base)
      throws IOException {
    switch (value) {
      case VALUE_STRING -> arguments += p.getText();
      // Some servers pass on the object from the model's template.
      case START_OBJECT, START_ARRAY -> arguments += LenientJson.slice(p, buffer, base);
      default -> {}
    }
  }

  /** Reads Gemini's {@code extra_content.google.thought_signature}, at any depth. */
  private void thoughtSignature(JsonParser p, JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      p.skipChildren();
      return;
    }
    for (String field = p.nextFieldName(); field != null; field = p.nextFieldName()) {
      JsonToken inner = p.nextToken();
      if (field.equals("thought_signature")) {
        thoughtSignature = scalar(p, inner);
      } else {
        thoughtSignature(p, inner);
      }
    }
  }

  private ToolCallDelta toDelta() {
    return new ToolCallDelta(index, id, name, arguments, thoughtSignature);
  }

  private static Integer index(JsonParser p, JsonToken value) throws IOException {
    if (value.isNumeric()) {
      return p.getValueAsInt();
    }
    if (value == JsonToken.VALUE_STRING && p.getTextLength() > 0) {
      int parsed = p.getValueAsInt(-1);
      return parsed < 0 ? null : parsed;
    }
    p.skipChildren();
    return null;
  }

  private static String scalar(JsonParser p, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
      String text = p.getText();
      return text.isBlank() ? null : text;
    }
    p.skipChildren();
    return null;
  }
}
