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
import java.util.Set;
import java.util.function.Function;

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
   * Returns a JSON text as a value that equals that of the same JSON, whatever its spaces and the
   * order of its keys; the text itself if it isn't JSON.
   */
  static Object tree(String text) {
    try {
      return JsonTree.read(RawJson.of(text));
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /**
   * Returns the calls in {@code {"name":…,"arguments":{…}}} or a list of such objects. The list is
   * empty if one of them has no name, arguments that aren't an object, or a tool that wasn't
   * declared.
   */
  static List<MarkupCall> calls(String text, DeclaredTools tools) {
    return calls(text, call -> tools.call(call.name, call.id, call.argumentsOrNone()));
  }

  /**
   * Returns the calls as {@link #calls} does, but only if the objects hold nothing else and their
   * arguments fit the tools: then a text can be nothing but calls.
   */
  static List<MarkupCall> certainCalls(String text, DeclaredTools tools) {
    return calls(
        text,
        call ->
            call.other || call.arguments == null
                ? null
                : tools.fittingCall(call.name, call.id, call.arguments));
  }

  /** Returns whether objects of this type are calls, by the words of several APIs. */
  static boolean isTypeOfCall(String type) {
    return Written.TYPES.contains(type);
  }

  private static List<MarkupCall> calls(String text, Function<Written, MarkupCall> made) {
    String escaped = escapeControls(text);
    if (text.indexOf('\'') >= 0 && !isValue(escaped)) {
      // Models that were trained on Python write their objects as its literals.
      String converted = PythonCalls.json(text);
      escaped = converted == null ? escaped : converted;
    }
    RawJson json = RawJson.of(escaped);
    List<MarkupCall> calls = new ArrayList<>();
    try (JsonParser p = Json.parser(json)) {
      JsonToken token = p.nextToken();
      boolean list = token == JsonToken.START_ARRAY;
      if (list) {
        token = p.nextToken();
      }
      while (token == JsonToken.START_OBJECT) {
        Written written = new Written();
        written.read(p, json);
        MarkupCall call = written.name == null ? null : made.apply(written);
        if (call == null) {
          return List.of();
        }
        calls.add(call);
        token = p.nextToken();
      }
      return token == (list ? JsonToken.END_ARRAY : null) ? calls : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** A call as an object holds it. */
  private static final class Written {
    private static final Set<String> TYPES =
        Set.of("function", "function_call", "tool_call", "tool_use");

    private String name;
    private String id;
    private String arguments;

    /** True if the object holds something that no call does. */
    private boolean other;

    /** The value of the only member, if that is an object: Apertus names the tool by its key. */
    private String only;

    private String onlyKey;
    private int members;

    private String argumentsOrNone() {
      return arguments == null ? "{}" : arguments;
    }

    private void read(JsonParser p, RawJson json) throws IOException {
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        members++;
        member(p, p.currentName(), p.nextToken(), json);
      }
      if (name == null && members == 1 && only != null) {
        name = onlyKey;
        arguments = only;
        other = false;
      }
    }

    private void member(JsonParser p, String field, JsonToken value, RawJson json)
        throws IOException {
      switch (field) {
        case "name", "tool_name", "tool" -> name = p.getValueAsString();
        case "id", "tool_call_id", "call_id" -> id = p.getValueAsString();
        case "arguments", "parameters", "args", "input", "tool_input" ->
            arguments = arguments(p, value, json);
        case "type" -> other |= !TYPES.contains(String.valueOf(p.getValueAsString()));
        case "function" -> function(p, value, json);
        default -> {
          other = true;
          onlyKey = field;
          only = value == JsonToken.START_OBJECT ? slice(p, json) : null;
        }
      }
      p.skipChildren();
    }

    /** Reads a name, or the object that OpenAI's own form has. */
    private void function(JsonParser p, JsonToken value, RawJson json) throws IOException {
      if (value == JsonToken.START_OBJECT) {
        Written inner = new Written();
        inner.read(p, json);
        name = inner.name;
        arguments = inner.arguments == null ? arguments : inner.arguments;
        other |= inner.other;
      } else {
        name = p.getValueAsString();
      }
    }

    private static String arguments(JsonParser p, JsonToken value, RawJson json)
        throws IOException {
      return switch (value) {
        case VALUE_NULL -> "{}";
        // Some models write the object as a string, as the API does.
        case VALUE_STRING -> p.getText();
        default -> slice(p, json);
      };
    }

    private static String slice(JsonParser p, RawJson json) throws IOException {
      return Json.slice(p, json.buffer(), json.offset()).toString();
    }
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
