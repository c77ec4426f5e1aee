package io.caravan.anthropic;

import io.caravan.anthropic.JsonCursor.Unread;
import io.caravan.json.Json;
import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads content blocks. Their fields may come in any order. */
final class BlockReader {
  private static final Set<String> KINDS =
      Set.of(
          "text",
          "thinking",
          "redacted_thinking",
          "image",
          "document",
          "tool_use",
          "tool_result",
          "tool_reference",
          "tool_addition",
          "tool_removal",
          "search_result");

  private static final RawJson NO_INPUT = RawJson.of("{}");

  private BlockReader() {}

  /** Reads a content. A string is one text block, and null is no block. */
  static List<Block> content(JsonCursor c) throws IOException {
    if (c.atNull()) {
      return List.of();
    }
    if (c.atString()) {
      return List.of(new Block.Text(c.text()));
    }
    if (!c.atArray()) {
      throw c.path().error("Input should be a valid array");
    }
    return List.copyOf(c.list(() -> block(c)));
  }

  private static Block block(JsonCursor c) throws IOException {
    int start = c.start();
    Fields fields = new Fields();
    c.object(name -> fields.read(name, c));
    if (fields.type == null) {
      throw required(c, "type");
    }
    if (!fields.known()) {
      return new Block.Other(fields.type, c.since(start));
    }
    c.path().enter(fields.type);
    Block block = fields.build(c);
    c.path().leave();
    return block == null ? new Block.Other(fields.type, c.since(start)) : block;
  }

  private static AnthropicException required(JsonCursor c, String field) {
    c.path().enter(field);
    return c.path().error("Field required");
  }

  /**
   * The fields of one block. Those before {@code type} are set aside until their meaning is known:
   * Claude Code writes {@code tool_use_id} first.
   */
  private static final class Fields {
    private final List<Unread> unread = new ArrayList<>(2);
    private String type;
    private JsonText text;
    private String id;
    private String name;
    private String signature;
    private String title;
    private String context;
    private List<Block> content = List.of();
    private RawJson input = NO_INPUT;
    private Source source;
    private boolean sourceSeen;
    private boolean isError;
    private ToolChangeReader change;

    boolean known() {
      return KINDS.contains(type);
    }

    void read(String field, JsonCursor c) throws IOException {
      if (field.equals("type")) {
        type = c.string();
        if (known()) {
          for (Unread earlier : unread) {
            c.path().leave();
            c.path().enter(earlier.name());
            field(earlier.name(), c.at(earlier.value()));
          }
        }
      } else if (type == null) {
        unread.add(new Unread(field, c.raw()));
      } else if (known()) {
        field(field, c);
      } else {
        c.skip();
      }
    }

    private void field(String field, JsonCursor c) throws IOException {
      c.path().nest(type);
      ofType(field, c);
      c.path().unnest();
    }

    private void ofType(String field, JsonCursor c) throws IOException {
      switch (type) {
        case "text" -> text(field, "text", c);
        case "redacted_thinking" -> text(field, "data", c);
        case "tool_reference" -> text(field, "tool_name", c);
        case "tool_addition", "tool_removal" -> toolChange(field, c);
        case "thinking" -> thinking(field, c);
        case "tool_use" -> toolUse(field, c);
        case "tool_result" -> toolResult(field, c);
        case "search_result" -> searchResult(field, c);
        default -> media(field, c);
      }
    }

    private void text(String field, String wanted, JsonCursor c) throws IOException {
      if (field.equals(wanted)) {
        text = c.text();
      } else {
        c.skip();
      }
    }

    private void thinking(String field, JsonCursor c) throws IOException {
      if (field.equals("signature")) {
        signature = c.stringOrNull();
      } else {
        text(field, "thinking", c);
      }
    }

    private void toolChange(String field, JsonCursor c) throws IOException {
      if (field.equals("tool")) {
        change = ToolChangeReader.read(c);
      } else {
        c.skip();
      }
    }

    private void toolUse(String field, JsonCursor c) throws IOException {
      switch (field) {
        case "id" -> id = c.string();
        case "name" -> name = c.string();
        case "input" -> input = input(c);
        default -> c.skip();
      }
    }

    private void toolResult(String field, JsonCursor c) throws IOException {
      switch (field) {
        case "tool_use_id" -> id = c.string();
        case "content" -> content = BlockReader.content(c);
        case "is_error" -> isError = Boolean.TRUE.equals(c.boolOrNull());
        default -> c.skip();
      }
    }

    private void searchResult(String field, JsonCursor c) throws IOException {
      switch (field) {
        case "source" -> text = c.text();
        case "title" -> title = c.stringOrNull();
        case "content" -> content = BlockReader.content(c);
        case "citations" -> citations(c);
        default -> c.skip();
      }
    }

    private static void citations(JsonCursor c) throws IOException {
      if (!c.atObject()) {
        c.skip();
        return;
      }
      c.object(
          name -> {
            if (name.equals("enabled") && Boolean.TRUE.equals(c.boolOrNull())) {
              c.note(UnsupportedOption.CITATIONS);
            } else {
              c.skip();
            }
          });
    }

    private void media(String field, JsonCursor c) throws IOException {
      switch (field) {
        case "source" -> {
          sourceSeen = true;
          source = SourceReader.read(c);
        }
        case "title" -> title = c.stringOrNull();
        case "context" -> context = c.stringOrNull();
        case "citations" -> citations(c);
        default -> c.skip();
      }
    }

    /** Builds the block, or returns null for a block whose source or tool has an unknown type. */
    private Block build(JsonCursor c) {
      return switch (type) {
        case "text" -> new Block.Text(need(text, "text", c));
        case "thinking" -> new Block.Thinking(text == null ? JsonText.EMPTY : text, signature);
        case "redacted_thinking" -> new Block.RedactedThinking(text == null ? "" : text.toString());
        case "tool_use" -> new Block.ToolUse(need(id, "id", c), need(name, "name", c), input);
        case "tool_result" -> new Block.ToolResult(need(id, "tool_use_id", c), content, isError);
        case "tool_reference" -> new Block.ToolReference(need(text, "tool_name", c).toString());
        case "tool_addition" -> need(change, "tool", c).build(true);
        case "tool_removal" -> need(change, "tool", c).build(false);
        case "search_result" ->
            new Block.SearchResult(need(text, "source", c).toString(), title, content);
        default -> buildMedia(c);
      };
    }

    private Block buildMedia(JsonCursor c) {
      if (!sourceSeen) {
        throw required(c, "source");
      }
      if (source == null) {
        return null;
      }
      return type.equals("image")
          ? new Block.Image(source)
          : new Block.Document(source, title, context);
    }

    private static <T> T need(T value, String field, JsonCursor c) {
      if (value == null) {
        throw required(c, field);
      }
      return value;
    }

    /**
     * Reads a call's input: an object, or a string that holds one. Anything else becomes an empty
     * object.
     */
    private static RawJson input(JsonCursor c) throws IOException {
      if (c.atObject()) {
        return c.raw();
      }
      if (c.atString()) {
        RawJson text = RawJson.of(c.string());
        return Json.isObject(text) ? text : NO_INPUT;
      }
      c.skip();
      return NO_INPUT;
    }
  }
}
