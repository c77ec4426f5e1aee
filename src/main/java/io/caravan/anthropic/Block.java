package io.caravan.anthropic;

import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import java.util.List;

/**
 * A content block of a request: one of the protocol's kinds, or {@link Other} for a kind Caravan
 * has no use for.
 */
public sealed interface Block {
  /** Text. */
  record Text(JsonText content) implements Block {
    public Text(String text) {
      this(JsonText.of(text));
    }

    /** The content, decoded. */
    public String text() {
      return content.toString();
    }
  }

  /** Reasoning that the client replays, with the signature Caravan or another server gave it. */
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

  /** A tool call of an earlier assistant turn; the input is a JSON object. */
  record ToolUse(String id, String name, RawJson input) implements Block {}

  /** What a tool call gave. A string content is one {@link Text}. */
  record ToolResult(String toolUseId, List<Block> content, boolean isError) implements Block {}

  /** Inside a tool result: a deferred tool that has been loaded. */
  record ToolReference(String toolName) implements Block {}

  /** A passage that the client found by itself. */
  record SearchResult(String source, String title, List<Block> content) implements Block {}

  /**
   * Any other kind, as it came: server tool calls and their results, and what the protocol grows
   * next.
   */
  record Other(String type, RawJson json) implements Block {}
}
