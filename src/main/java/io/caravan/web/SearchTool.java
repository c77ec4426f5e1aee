package io.caravan.web;

import io.caravan.anthropic.ServerToolUsage;
import io.caravan.anthropic.Tool;
import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import io.caravan.servertools.ServedCall;
import io.caravan.servertools.ServerTool;
import io.caravan.servertools.ServerToolException;

/**
 * Anthropic's {@code web_search}, run by the gateway for one request (platform documentation, "Web
 * search tool").
 */
final class SearchTool implements ServerTool {
  private static final String TYPE = "web_search_";
  private static final int MAX_QUERY = 1_000;
  private static final String DESCRIPTION =
      "Searches the web and returns titles, links and passages of the pages found. Use it for facts"
          + " that are recent or that you are not sure of, and name the links of the pages you"
          + " rely on in your reply.";
  private static final RawJson SCHEMA =
      RawJson.of(
          """
          {"type":"object","properties":{"query":{"type":"string","description":"What to search for."}},\
          "required":["query"]}""");

  private final Tool declared;
  private final WebOptions options;
  private final KnownUrls known;
  private final int maxResults;
  private int uses;

  /**
   * @param declared the tool as the client declares it
   * @param known the URLs that the conversation has named, to which those of the results are added
   * @param maxResults the most results of a search
   * @throws io.caravan.anthropic.AnthropicException if its options contradict each other
   */
  SearchTool(Tool declared, KnownUrls known, int maxResults) {
    this.declared = declared;
    this.known = known;
    this.options = WebOptions.of(declared);
    this.maxResults = maxResults;
  }

  /** Returns whether a declared tool is the web search. */
  static boolean is(Tool tool) {
    return !tool.custom() && tool.type().startsWith(TYPE);
  }

  @Override
  public Tool offered() {
    return new Tool(
        "custom",
        declared.name(),
        JsonText.of(DESCRIPTION),
        SCHEMA,
        declared.deferred(),
        null,
        declared.json());
  }

  @Override
  public String resultType() {
    return "web_search_tool_result";
  }

  @Override
  public String route() {
    return "web-search-results";
  }

  @Override
  public SearchQuery body(ServedCall call) throws ServerToolException {
    if (++uses > options.maxUses()) {
      throw new ServerToolException(WebErrors.MAX_USES);
    }
    String query = ToolInputs.text(call, "query");
    if (query.length() > MAX_QUERY) {
      throw new ServerToolException(WebErrors.QUERY_TOO_LONG);
    }
    return query(query);
  }

  /** Returns a query within the tool's domains. */
  SearchQuery query(String text) {
    return new SearchQuery(
        text, options.domains().allowed(), options.domains().blocked(), maxResults);
  }

  @Override
  public Object content(ServedCall call, Object found) throws ServerToolException {
    Object content = SearchResults.content(found, options.domains(), maxResults);
    known.addContent(content);
    return content;
  }

  @Override
  public ServerToolUsage use() {
    return new ServerToolUsage(1, 0);
  }

  @Override
  public String words(Object content) {
    return SearchResults.words(content);
  }
}
