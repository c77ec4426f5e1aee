package io.caravan.markup;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.json.Json;
import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads and writes JSON as models write it. */
final class ModelJson {
  private ModelJson() {}

  /**
   * Returns a JSON object as it was written, or null if the text isn't one. Line ends and tabs
   * inside strings are escaped: smaller models write files that way
   * (openvinotoolkit/model_server#3838).
   */
  static String object(String text) {
    String json = text.strip();
    if (Json.isObject(RawJson.of(json))) {
      return json;
    }
    String repaired = escapeControls(json);
    return !repaired.equals(json) && Json.isObject(RawJson.of(repaired)) ? repaired : null;
  }

  /** Returns whether a text is one JSON value. */
  static boolean isValue(String text) {
    try (JsonParser p = Json.parser(RawJson.of(text))) {
      if (p.nextToken() == null) {
        return false;
      }
      p.skipChildren();
      return p.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns a text as a JSON string. */
  static String quote(String text) {
    return new JsonWriter(text.length() + 16).value(text).finish().toString();
  }

  /** Returns an object of members that are JSON already. */
  static String object(Map<String, String> members) {
    StringBuilder json = new StringBuilder("{");
    members.forEach(
        (name, value) -> {
          if (json.length() > 1) {
            json.append(',');
          }
          json.append(quote(name)).append(':').append(value);
        });
    return json.append('}').toString();
  }

  /**
   * Returns whether two texts are the same JSON, whatever their spaces and the order of their keys.
   */
  static boolean same(String a, String b) {
    if (a.equals(b)) {
      return true;
    }
    try {
      return Objects.equals(JsonTree.read(RawJson.of(a)), JsonTree.read(RawJson.of(b)));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Returns the calls in {@code {"name":…,"arguments":{…}}} or a list of such objects. The list is
   * empty if one of them has no name, arguments that aren't an object, or a tool that wasn't
   * declared.
   */
  static List<MarkupCall> calls(String text, DeclaredTools tools) {
    RawJson json = RawJson.of(escapeControls(text));
    List<MarkupCall> calls = new ArrayList<>();
    try (JsonParser p = Json.parser(json)) {
      JsonToken token = p.nextToken();
      if (token == JsonToken.START_ARRAY) {
        token = p.nextToken();
      }
      while (token == JsonToken.START_OBJECT) {
        MarkupCall call = call(p, json, tools);
        if (call == null) {
          return List.of();
        }
        calls.add(call);
        token = p.nextToken();
      }
      return token == null || token == JsonToken.END_ARRAY ? calls : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static MarkupCall call(JsonParser p, RawJson json, DeclaredTools tools)
      throws IOException {
    String name = null;
    String id = null;
    String arguments = "{}";
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      JsonToken value = p.nextToken();
      switch (field) {
        case "name" -> name = p.getValueAsString();
        case "id" -> id = p.getValueAsString();
        case "arguments", "parameters" -> arguments = arguments(p, value, json);
        default -> p.skipChildren();
      }
    }
    return name == null ? null : tools.call(name, id, arguments);
  }

  private static String arguments(JsonParser p, JsonToken value, RawJson json) throws IOException {
    return switch (value) {
      case VALUE_NULL -> "{}";
      // Some models write the object as a string, as the API does.
      case VALUE_STRING -> p.getText();
      default -> Json.slice(p, json.buffer(), json.offset()).toString();
    };
  }

  /** Returns the text with the control characters inside its strings escaped. */
  private static String escapeControls(String json) {
    StringBuilder out = null;
    boolean string = false;
    boolean escaped = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (string && c < ' ') {
        out = out == null ? new StringBuilder(json.length() + 16).append(json, 0, i) : out;
        out.append(String.format("\\u%04x", (int) c));
        escaped = false;
        continue;
      }
      if (escaped) {
        escaped = false;
      } else if (string) {
        escaped = c == '\\';
        string = c != '"';
      } else {
        string = c == '"';
      }
      if (out != null) {
        out.append(c);
      }
    }
    return out == null ? json : out.toString();
  }
}
