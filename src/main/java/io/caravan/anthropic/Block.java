package io.caravan.anthropic;

import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import java.util.List;

/**
 * A content block of a request: one of the protocol's kinds, or {@link Other} for a kind that
 * Caravan has no use for.
 */
public sealed interface Block {
  /** A text. */
  record Text(JsonText content) implements Block {
    public Text(String text) {
      this(JsonText.of(text));
    }

    /** Returns the decoded content. */
    public String text() {
      return content.toString();
    }
  }

  /**
   * Reasoning that the client replays, with the signature that Caravan or another server gave it.
   */
  record Thinking(JsonText thinking, String signature) implements Block {
    public Thinking(String thinking, String signature) {
      this(JsonText.of(thinking), signature);
    }
  }

  /** Reasoning that only the server that wrote it can read. */
  record RedactedThinking(String data) implements Block {}

  /** An image. */
  record Image(Source source) implements Block {}

  /** A document: PDF or text. */
  record Document(Source source, String title, String context) implements Block {}

  /** A tool call of an earlier assistant turn. Its input is a JSON object. */
  record ToolUse(String id, String name, RawJson input) implements Block {}

  /** The result of a tool call. A string content is one {@link Text}. */
  record ToolResult(String toolUseId, List<Block> content, boolean isError) implements Block {}

  /** A deferred tool that has been loaded, inside a tool result. */
  record ToolReference(String toolName) implements Block {}

  /**
   * A change of the tools in the middle of the conversation, {@code tool_addition} or {@code
   * tool_removal}.
   *
   * @param offered whether the tool is offered from here on
   * @param definition the tool as it is from here on, or null if the request declares it
   */
  record ToolChange(boolean offered, String name, Tool definition) implements Block {}

  /** A passage that the client found itself. */
  record SearchResult(String source, String title, List<Block> content) implements Block {}

  /**
   * A block of any other kind, as it came: server tool calls and their results, and future kinds.
   */
  record Other(String type, RawJson json) implements Block {}
}
