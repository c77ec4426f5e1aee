package io.caravan.tokens;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Tool;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The declared tools that the model is shown: those that aren't deferred, and the deferred ones
 * that a tool result has since referred to by name. Claude Code's {@code DeferredToolPlaceholder},
 * which only announces further tools, is deferred and never referred to.
 */
final class LoadedTools {
  private final Set<String> referenced = new HashSet<>();

  private LoadedTools() {}

  static LoadedTools in(MessagesRequest request) {
    LoadedTools loaded = new LoadedTools();
    boolean anyDeferred = false;
    for (Tool tool : orEmpty(request.tools())) {
      anyDeferred |= tool.deferred();
    }
    if (anyDeferred) {
      for (Message message : orEmpty(request.messages())) {
        loaded.collect(message.content());
      }
    }
    return loaded;
  }

  boolean shown(Tool tool) {
    return !tool.deferred() || referenced.contains(tool.name());
  }

  private void collect(List<Block> blocks) {
    for (Block block : orEmpty(blocks)) {
      if (block instanceof Block.ToolReference reference) {
        referenced.add(reference.toolName());
      } else if (block instanceof Block.ToolResult result) {
        collect(result.content());
      }
    }
  }

  /** Returns the list, or an empty one: a record that a caller has made may lack a list. */
  static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
