package io.caravan.anthropic;

import io.caravan.json.JsonTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Applies a conversation's changes to the tools that the request declares: a reference loads a
 * deferred tool, {@code tool_addition} loads or defines one, {@code tool_removal} withdraws one.
 * The last change of a tool counts.
 */
public final class OfferedTools {
  /** The beginning of the types of the tool search that runs on Anthropic's servers. */
  private static final String SEARCH = "tool_search_tool_";

  private static final String SEARCH_RESULT = "tool_search_tool_result";

  private final Map<String, Tool> tools = new LinkedHashMap<>();

  /** All tools by name, also those that have been withdrawn: a later addition may refer to them. */
  private final Map<String, Tool> known = new HashMap<>();

  private OfferedTools(List<Tool> declared) {
    declared.forEach(this::put);
  }

  private void put(Tool tool) {
    tools.put(tool.name(), tool);
    known.put(tool.name(), tool);
  }

  /**
   * Returns the tools after all changes. Those that are still {@link Tool#deferred} must not be
   * shown to the model. The search that Anthropic's servers run can find any deferred tool, so with
   * it all of them are shown: hidden ones could never be called (theopenco/llmgateway#3604).
   */
  public static List<Tool> of(List<Tool> declared, List<Message> messages) {
    boolean deferred = declared.stream().anyMatch(Tool::deferred);
    if (!deferred && messages.stream().noneMatch(OfferedTools::changes)) {
      return declared;
    }
    OfferedTools offered = new OfferedTools(declared);
    messages.forEach(message -> offered.apply(message.content()));
    if (declared.stream().anyMatch(OfferedTools::isSearch)) {
      offered.tools.replaceAll((name, tool) -> shown(tool));
    }
    return List.copyOf(offered.tools.values());
  }

  /** Returns whether a tool is the search for deferred tools that Anthropic's servers run. */
  public static boolean isSearch(Tool tool) {
    return !tool.custom() && tool.type().startsWith(SEARCH);
  }

  private static boolean changes(Message message) {
    return message.content().stream().anyMatch(Block.ToolChange.class::isInstance);
  }

  private void apply(List<Block> blocks) {
    for (Block block : blocks) {
      if (block instanceof Block.ToolChange change) {
        change(change);
      } else if (block instanceof Block.ToolReference reference) {
        load(reference.toolName());
      } else if (block instanceof Block.ToolResult result) {
        apply(result.content());
      } else if (block instanceof Block.Other other && other.type().equals(SEARCH_RESULT)) {
        found(other).forEach(this::load);
      }
    }
  }

  private void change(Block.ToolChange change) {
    if (!change.offered()) {
      tools.remove(change.name());
    } else if (change.definition() != null) {
      put(shown(change.definition()));
    } else if (known.containsKey(change.name())) {
      put(shown(known.get(change.name())));
    }
  }

  private void load(String name) {
    tools.computeIfPresent(name, (n, tool) -> shown(tool));
  }

  private static Tool shown(Tool tool) {
    return tool.deferred()
        ? new Tool(
            tool.type(),
            tool.name(),
            tool.description(),
            tool.inputSchema(),
            false,
            tool.strict(),
            tool.json())
        : tool;
  }

  /** Returns the names of the tools that a search on a server has found; none if it failed. */
  public static List<String> found(Block.Other searchResult) {
    Object content =
        JsonTree.read(searchResult.json()) instanceof Map<?, ?> block ? block.get("content") : null;
    Object references =
        content instanceof Map<?, ?> result ? result.get("tool_references") : content;
    List<String> names = new ArrayList<>();
    for (Object each : references instanceof List<?> list ? list : List.of()) {
      if (each instanceof Map<?, ?> reference && reference.get("tool_name") instanceof String s) {
        names.add(s);
      }
    }
    return names;
  }
}
