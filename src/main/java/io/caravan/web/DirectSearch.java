package io.caravan.web;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.ServerToolUsage;
import io.caravan.anthropic.Tool;
import io.caravan.anthropic.Usage;
import io.caravan.json.JsonWriter;
import io.caravan.servertools.ServedCall;
import io.caravan.servertools.ServedResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * Answers a request that is nothing but a web search, without a model. Claude Code's WebSearch tool
 * sends such a request: its only tool is {@code web_search}, and the last user message is the query
 * (seen with 2.1.330). It takes the links from the result block and the text as it is.
 */
public final class DirectSearch {
  private static final String CLAUDE_CODE = "Perform a web search for the query: ";
  private static final int MAX_QUERY = 1000;

  private final MessagesRequest request;
  private final SearchTool tool;
  private final String query;

  private DirectSearch(MessagesRequest request, Tool declared, String text, int maxResults) {
    this.request = request;
    this.tool = new SearchTool(declared, new KnownUrls(List.of()), maxResults);
    String bare =
        text.startsWith(CLAUDE_CODE) ? text.substring(CLAUDE_CODE.length()).strip() : text;
    this.query = bare.substring(0, Math.min(MAX_QUERY, bare.length()));
  }

  /** Returns whether a request has the web search as its only tool. */
  public static boolean isOnlyTool(MessagesRequest request) {
    return request.tools().size() == 1 && SearchTool.is(request.tools().get(0));
  }

  /** Returns whether a request is Claude Code's own web search. */
  public static boolean isClaudeCodes(MessagesRequest request) {
    return isOnlyTool(request) && lastText(request).startsWith(CLAUDE_CODE);
  }

  /** Returns the search of a request whose only tool is the web search. */
  public static DirectSearch of(MessagesRequest request, int maxResults) {
    return new DirectSearch(request, request.tools().get(0), lastText(request), maxResults);
  }

  private static String lastText(MessagesRequest request) {
    for (int i = request.messages().size() - 1; i >= 0; i--) {
      Message message = request.messages().get(i);
      if (message.role() == Message.Role.USER) {
        return message.content().stream()
            .filter(Block.Text.class::isInstance)
            .map(block -> ((Block.Text) block).text())
            .collect(Collectors.joining("\n"))
            .strip();
      }
    }
    return "";
  }

  /** Returns the body for the route that searches. */
  public SearchQuery query() {
    return tool.query(query);
  }

  /**
   * Returns the events of the response.
   *
   * @param found what the route has left; null if no search was possible
   */
  public List<Event> events(String messageId, Object found) {
    String id = "toolu_" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    String input =
        new JsonWriter(128).beginObject().field("query", query).endObject().finish() + "";
    ServedCall call = new ServedCall(id, request.tools().get(0).name(), null);
    ServedResult result = ServedResult.of(call, tool, found);
    String words = result.isError() ? "The web search failed." : result.words();
    Usage usage = new Usage(query.length() / 4 + 1, 0, 0, 0, 0);
    Usage used = new Usage(usage.inputTokens(), words.length() / 4 + 1, 0, 0, 0);
    ServerToolUsage uses = result.isError() ? ServerToolUsage.NONE : tool.use();
    List<Event> events = new ArrayList<>();
    events.add(new Event.MessageStart(messageId, request.model(), usage));
    events.add(new Event.ServerToolUseStart(0, call.clientId(), call.name()));
    events.add(new Event.InputJsonDelta(0, input));
    events.add(new Event.BlockStop(0));
    events.add(new Event.OtherStart(1, result.block()));
    events.add(new Event.BlockStop(1));
    events.add(new Event.TextStart(2));
    events.add(new Event.TextDelta(2, words));
    events.add(new Event.BlockStop(2));
    events.add(new Event.MessageDelta("end_turn", null, used.with(uses)));
    events.add(new Event.MessageStop());
    return events;
  }
}
