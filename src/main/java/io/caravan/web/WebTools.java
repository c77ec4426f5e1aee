package io.caravan.web;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Tool;
import io.caravan.servertools.ServerTool;
import java.util.ArrayList;
import java.util.List;

/**
 * The web tools of one request.
 *
 * @param searches whether the gateway can search
 * @param fetches whether it can fetch pages
 * @param maxResults the most results of a search
 * @param maxPageTokens the most tokens of a page
 */
public record WebTools(boolean searches, boolean fetches, int maxResults, int maxPageTokens) {
  /** Returns the tools of a request that the gateway runs; mostly none. */
  public List<ServerTool> of(MessagesRequest request) {
    List<ServerTool> tools = List.of();
    KnownUrls known = null;
    for (Tool tool : request.tools()) {
      boolean search = searches && SearchTool.is(tool);
      if (!search && !(fetches && FetchTool.is(tool))) {
        continue;
      }
      known = known == null ? new KnownUrls(request.messages()) : known;
      tools = tools.isEmpty() ? new ArrayList<>() : tools;
      tools.add(
          search
              ? new SearchTool(tool, known, maxResults)
              : new FetchTool(tool, known, maxPageTokens));
    }
    return tools;
  }
}
