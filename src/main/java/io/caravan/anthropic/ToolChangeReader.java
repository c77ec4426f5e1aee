package io.caravan.anthropic;

import java.io.IOException;

/**
 * Reads the {@code tool} of a {@code tool_addition} or {@code tool_removal}: a reference to a tool,
 * or its definition. References to the tools of an MCP server have no use here.
 */
final class ToolChangeReader {
  private String type;
  private String name;
  private Tool definition;

  private ToolChangeReader() {}

  static ToolChangeReader read(JsonCursor c) throws IOException {
    ToolChangeReader reader = new ToolChangeReader();
    c.object(field -> reader.field(field, c));
    return reader;
  }

  private void field(String field, JsonCursor c) throws IOException {
    switch (field) {
      case "type" -> type = c.stringOrNull();
      case "name", "tool_name" -> name = c.stringOrNull();
      case "definition" -> definition = c.atObject() ? ToolReader.read(c) : null;
      default -> c.skip();
    }
  }

  /** Builds the block, or returns null for a kind of reference without use here. */
  Block.ToolChange build(boolean offered) {
    if (definition != null) {
      return new Block.ToolChange(offered, definition.name(), definition);
    }
    boolean tool = name != null && "tool_reference".equals(type);
    return tool ? new Block.ToolChange(offered, name, null) : null;
  }
}
