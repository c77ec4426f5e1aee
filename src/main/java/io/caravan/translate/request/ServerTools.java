package io.caravan.translate.request;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Tool;
import io.caravan.json.JsonTree;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Describes the tools that Anthropic's own servers run. No other upstream can, so they are never
 * sent to one. An earlier stage may answer such a request itself.
 */
public final class ServerTools {
  private ServerTools() {}

  /**
   * Returns the web search that a request declares. Claude Code searches with a request of its own.
   */
  public static Optional<Tool> webSearch(MessagesRequest request) {
    return request.tools().stream()
        .filter(tool -> !tool.custom() && tool.type().startsWith("web_search_"))
        .findFirst();
  }

  /**
   * Returns a server tool's call or result as text, for the model that continues from it; null for
   * a block without a form in text.
   */
  static String inWords(Block.Other block) {
    Object tree;
    try {
      tree = JsonTree.read(block.json());
    } catch (IllegalArgumentException e) {
      return null;
    }
    Map<?, ?> json = (Map<?, ?>) tree;
    return switch (block.type()) {
      case "server_tool_use" -> call(json);
      case "web_search_tool_result" -> searchResult(json.get("content"));
      case "web_fetch_tool_result" -> fetchResult(json.get("content"));
      case "compaction" -> summary(json.get("content"));
      default -> null;
    };
  }

  private static String call(Map<?, ?> json) {
    Object input = json.get("input");
    Object what = input instanceof Map<?, ?> map ? map.get("query") : null;
    if (what == null && input instanceof Map<?, ?> map) {
      what = map.get("url");
    }
    return "[" + json.get("name") + (what == null ? "" : ": " + what) + "]";
  }

  private static String searchResult(Object content) {
    if (!(content instanceof List<?> results)) {
      return failure(content);
    }
    StringBuilder text = new StringBuilder("[Web search results:");
    for (Object result : results) {
      if (result instanceof Map<?, ?> map) {
        text.append("\n- ").append(map.get("title")).append(": ").append(map.get("url"));
      }
    }
    return text.append(']').toString();
  }

  private static String fetchResult(Object content) {
    Object document = content instanceof Map<?, ?> map ? map.get("content") : null;
    Object source = document instanceof Map<?, ?> map ? map.get("source") : null;
    boolean text = source instanceof Map<?, ?> map && "text".equals(map.get("type"));
    if (!text) {
      return failure(content);
    }
    Object url = ((Map<?, ?>) content).get("url");
    return "[Fetched " + url + ":\n" + ((Map<?, ?>) source).get("data") + "]";
  }

  /** Returns the summary that another server has put in place of earlier turns. */
  private static String summary(Object content) {
    return content instanceof String text && !text.isBlank()
        ? "[Summary of the conversation so far:\n" + text + "]"
        : null;
  }

  private static String failure(Object content) {
    Object code = content instanceof Map<?, ?> map ? map.get("error_code") : null;
    return code == null ? null : "[It failed: " + code + "]";
  }
}
