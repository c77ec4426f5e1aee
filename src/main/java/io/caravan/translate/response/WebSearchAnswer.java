package io.caravan.translate.response;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Usage;
import io.caravan.json.JsonWriter;
import io.caravan.translate.request.ServerTools;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * Answers a request whose only tool is Anthropic's web search, which no other upstream has. Claude
 * Code searches with such a request of its own, and shows its model the links of the result block
 * (seen with 2.1.330). Without results the block says {@code unavailable}: a plain text would be
 * taken for the result of a search.
 */
public final class WebSearchAnswer {
  private static final String CLAUDE_CODE = "Perform a web search for the query: ";
  private static final int MAX_QUERY = 1000;

  private WebSearchAnswer() {}

  /**
   * A search result.
   *
   * @param text the page's text about it; may be empty
   */
  public record Result(String title, String url, String text) {}

  /** Returns whether a request is for a web search and nothing else. */
  public static boolean isAskedBy(MessagesRequest request) {
    return request.tools().size() == 1 && ServerTools.webSearch(request).isPresent();
  }

  /** Returns the search query: the text of the last user message. */
  public static String query(MessagesRequest request) {
    for (int i = request.messages().size() - 1; i >= 0; i--) {
      Message message = request.messages().get(i);
      if (message.role() == Message.Role.USER) {
        String text = text(message).strip();
        String query =
            text.startsWith(CLAUDE_CODE) ? text.substring(CLAUDE_CODE.length()).strip() : text;
        return query.substring(0, Math.min(MAX_QUERY, query.length()));
      }
    }
    return "";
  }

  private static String text(Message message) {
    return message.content().stream()
        .filter(Block.Text.class::isInstance)
        .map(block -> ((Block.Text) block).text())
        .collect(Collectors.joining("\n"));
  }

  /**
   * Returns the events of the response.
   *
   * @param results the search results, or null if no search was possible
   */
  public static List<Event> events(
      MessagesRequest request, String messageId, String query, List<Result> results) {
    String call = "srvtoolu_" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    List<Event> events = new ArrayList<>();
    Usage usage = new Usage(query.length() / 4 + 1, 0, 0, 0, 0);
    events.add(new Event.MessageStart(messageId, request.model(), usage));
    block(events, 0, callBlock(call, query));
    block(events, 1, resultBlock(call, results));
    String words = words(results);
    events.add(new Event.TextStart(2));
    events.add(new Event.TextDelta(2, words));
    events.add(new Event.BlockStop(2));
    events.add(
        new Event.MessageDelta(
            "end_turn", null, new Usage(usage.inputTokens(), words.length() / 4 + 1, 0, 0, 0)));
    events.add(new Event.MessageStop());
    return events;
  }

  private static void block(List<Event> events, int index, String json) {
    events.add(new Event.OtherStart(index, json));
    events.add(new Event.BlockStop(index));
  }

  private static String callBlock(String call, String query) {
    JsonWriter json = new JsonWriter(256).beginObject();
    json.field("type", "server_tool_use").field("id", call).field("name", "web_search");
    json.beginObject("input").field("query", query).endObject();
    return json.endObject().finish().toString();
  }

  private static String resultBlock(String call, List<Result> results) {
    JsonWriter json = new JsonWriter(1024).beginObject();
    json.field("type", "web_search_tool_result").field("tool_use_id", call);
    if (results == null) {
      json.beginObject("content").field("type", "web_search_tool_result_error");
      json.field("error_code", "unavailable").endObject();
    } else {
      json.beginArray("content");
      for (Result result : results) {
        json.beginObject().field("type", "web_search_result");
        json.field("title", result.title()).field("url", result.url());
        json.field("encrypted_content", "").name("page_age").nullValue();
        json.endObject();
      }
      json.endArray();
    }
    return json.endObject().finish().toString();
  }

  private static String words(List<Result> results) {
    if (results == null) {
      return "Web search is not available at this gateway.";
    }
    if (results.isEmpty()) {
      return "Nothing was found.";
    }
    return results.stream()
        .map(r -> r.title() + " (" + r.url() + ")" + (r.text().isBlank() ? "" : "\n" + r.text()))
        .collect(Collectors.joining("\n\n"));
  }
}
