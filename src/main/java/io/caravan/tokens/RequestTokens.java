package io.caravan.tokens;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Source;
import io.caravan.anthropic.Tool;
import java.util.List;

/**
 * Adds up the tokens of one request: the texts that an upstream sees, and the additions of its chat
 * template.
 */
final class RequestTokens {
  /**
   * The beginning of the first block in Claude Code's system prompt, whose value differs per
   * conversation. The block isn't sent upstream, since it would make the prefix cache useless
   * (vllm#36829, sglang#21064).
   */
  private static final String BILLING_HEADER = "x-anthropic-billing-header";

  private final RequestSegments segments;
  private final Framing framing;
  private final ImageTokens images;
  private final DocumentTokens documents;

  RequestTokens(
      RequestSegments segments, Framing framing, ImageTokens images, DocumentTokens documents) {
    this.segments = segments;
    this.framing = framing;
    this.images = images;
    this.documents = documents;
  }

  long count(MessagesRequest request) {
    long total = framing.getRequest() + system(request.system()) + tools(request);
    for (Message message : orEmpty(request.messages())) {
      total += framing.getMessage() + blocks(message.content());
    }
    return total + segments.json(request.outputSchema());
  }

  private long system(List<Block> system) {
    long total = 0;
    boolean any = false;
    for (Block block : orEmpty(system)) {
      if (!isBillingHeader(block)) {
        total += block(block);
        any = true;
      }
    }
    return any ? total + framing.getMessage() : 0;
  }

  private static boolean isBillingHeader(Block block) {
    return block instanceof Block.Text text
        && text.content() != null
        && text.content().startsWith(BILLING_HEADER);
  }

  private long tools(MessagesRequest request) {
    long total = 0;
    boolean any = false;
    for (Tool tool : orEmpty(request.tools())) {
      if (!tool.deferred()) {
        total += tool(tool);
        any = true;
      }
    }
    return any ? total + framing.getTools() : 0;
  }

  private long tool(Tool tool) {
    if (!tool.custom() && tool.inputSchema() == null) {
      return framing.getTool() + framing.getBuiltInTool() + segments.json(tool.json());
    }
    return framing.getTool()
        + segments.text(tool.name())
        + segments.text(tool.description())
        + segments.json(tool.inputSchema());
  }

  private long blocks(List<Block> blocks) {
    long total = 0;
    for (Block block : orEmpty(blocks)) {
      total += block(block);
    }
    return total;
  }

  private long block(Block block) {
    if (block instanceof Block.Text text) {
      return segments.text(text.content());
    } else if (block instanceof Block.ToolUse call) {
      return framing.getToolCall() + segments.text(call.name()) + segments.json(call.input());
    } else if (block instanceof Block.ToolResult result) {
      return framing.getToolResult() + blocks(result.content());
    } else if (block instanceof Block.Thinking thinking) {
      return segments.text(thinking.thinking());
    } else if (block instanceof Block.Image image) {
      return images.of(image.source());
    } else if (block instanceof Block.Document document) {
      return segments.text(document.title())
          + segments.text(document.context())
          + document(document.source());
    } else if (block instanceof Block.SearchResult found) {
      return segments.text(found.source()) + segments.text(found.title()) + blocks(found.content());
    } else if (block instanceof Block.ToolReference reference) {
      return segments.text(reference.toolName());
    } else if (block instanceof Block.Other other) {
      return segments.json(other.json());
    }
    // Redacted thinking is never sent upstream: only the server that wrote it can read it.
    return 0;
  }

  /** Returns the list, or an empty one: a record that a caller has made may lack a list. */
  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }

  private long document(Source source) {
    if (source != null && source.kind() == Source.Kind.TEXT) {
      return segments.text(source.data());
    }
    if (source != null && source.kind() == Source.Kind.CONTENT) {
      return blocks(source.content());
    }
    return documents.of(source);
  }
}
