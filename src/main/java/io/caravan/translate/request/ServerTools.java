package io.caravan.translate.request;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Tool;
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
}
