package io.caravan.anthropic;

import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import java.io.IOException;

/** Reads a tool that the client declares. */
final class ToolReader {
  private String type;
  private String name;
  private JsonText description;
  private RawJson inputSchema;
  private boolean deferred;
  private Boolean strict;

  private ToolReader() {}

  static Tool read(JsonCursor c) throws IOException {
    ToolReader reader = new ToolReader();
    int start = c.start();
    c.object(
        field -> {
          c.path().nest(reader.custom() ? "custom" : reader.type);
          reader.field(field, c);
          c.path().unnest();
        });
    return reader.build(c, c.since(start));
  }

  private void field(String field, JsonCursor c) throws IOException {
    switch (field) {
      case "type" -> type = c.stringOrNull();
      case "name" -> name = c.stringOrNull();
      case "description" -> description = c.textOrNull();
      case "input_schema" -> inputSchema = c.objectOrNull();
      case "defer_loading" -> deferred = Boolean.TRUE.equals(c.boolOrNull());
      case "input_examples" -> examples(c);
      case "strict" -> strict = c.boolOrNull();
      default -> c.skip();
    }
  }

  private static void examples(JsonCursor c) throws IOException {
    if (!c.atNull()) {
      c.note(UnsupportedOption.TOOL_EXAMPLES);
    }
    c.skip();
  }

  private boolean custom() {
    return type == null || type.equals("custom");
  }

  /** Builds the tool. The type is the name of a built-in tool without one (mcp_toolset). */
  private Tool build(JsonCursor c, RawJson json) {
    if (custom()) {
      need(name, "name", c);
      need(inputSchema, "input_schema", c);
    }
    String known = name == null ? type : name;
    return new Tool(type, known, description, inputSchema, deferred, strict, json);
  }

  private static void need(Object value, String field, JsonCursor c) {
    if (value == null) {
      c.path().enter("custom");
      c.path().enter(field);
      throw c.path().error("Field required");
    }
  }
}
