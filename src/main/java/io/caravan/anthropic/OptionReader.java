package io.caravan.anthropic;

import java.io.IOException;

/** Reads the small objects of a request. */
final class OptionReader {
  private String type;
  private String name;
  private boolean parallelDisabled;
  private Integer budgetTokens;
  private String display;

  private OptionReader() {}

  private static OptionReader read(JsonCursor c) throws IOException {
    OptionReader reader = new OptionReader();
    c.object(field -> reader.field(field, c));
    if (reader.type == null) {
      c.path().enter("type");
      throw c.path().error("Field required");
    }
    return reader;
  }

  private void field(String field, JsonCursor c) throws IOException {
    switch (field) {
      case "type" -> type = c.string();
      case "name" -> name = c.stringOrNull();
      case "disable_parallel_tool_use" -> parallelDisabled = Boolean.TRUE.equals(c.boolOrNull());
      case "budget_tokens" -> budgetTokens = c.integerOrNull();
      case "display" -> display = c.stringOrNull();
      default -> c.skip();
    }
  }

  static ToolChoice toolChoice(JsonCursor c) throws IOException {
    OptionReader read = read(c);
    ToolChoice.Kind kind =
        switch (read.type) {
          case "auto" -> ToolChoice.Kind.AUTO;
          case "any" -> ToolChoice.Kind.ANY;
          case "tool" -> ToolChoice.Kind.TOOL;
          case "none" -> ToolChoice.Kind.NONE;
          default -> throw c.path().error("type should be 'auto', 'any', 'tool' or 'none'");
        };
    if (kind == ToolChoice.Kind.TOOL && read.name == null) {
      c.path().enter("tool");
      c.path().enter("name");
      throw c.path().error("Field required");
    }
    return new ToolChoice(kind, read.name, read.parallelDisabled);
  }

  /** Reads {@code thinking}. An unknown kind leaves the decision to the model, as adaptive does. */
  static ThinkingOption thinking(JsonCursor c) throws IOException {
    OptionReader read = read(c);
    ThinkingOption.Kind kind =
        switch (read.type) {
          case "enabled" -> ThinkingOption.Kind.ENABLED;
          case "disabled" -> ThinkingOption.Kind.DISABLED;
          case "between_tools" -> ThinkingOption.Kind.BETWEEN_TOOLS;
          default -> ThinkingOption.Kind.ADAPTIVE;
        };
    return new ThinkingOption(kind, read.budgetTokens, read.display);
  }
}
