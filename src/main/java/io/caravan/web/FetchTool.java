package io.caravan.web;

import io.caravan.anthropic.ServerToolUsage;
import io.caravan.anthropic.Tool;
import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import io.caravan.servertools.ServedCall;
import io.caravan.servertools.ServerTool;
import io.caravan.servertools.ServerToolException;
import io.caravan.translate.request.OutsideText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Anthropic's {@code web_fetch}, run by the gateway for one request (platform documentation, "Web
 * fetch tool"). It takes only URLs that the conversation has named. Its pages have no citations.
 */
public final class FetchTool implements ServerTool {
  private static final String TYPE = "web_fetch_";

  /** The longest URL that Anthropic's servers take. */
  private static final int MAX_URL = 250;

  /** About as many characters has a token of English text. */
  private static final int CHARACTERS_OF_A_TOKEN = 4;

  private static final String DESCRIPTION =
      "Fetches a web page and returns its text. The URL must be one that the user has written or"
          + " that an earlier search or fetch has returned, letter by letter; others are refused.";
  private static final RawJson SCHEMA =
      RawJson.of(
          """
          {"type":"object","properties":{"url":{"type":"string","description":"The URL of the page."}},\
          "required":["url"]}""");

  private final Tool declared;
  private final WebOptions options;
  private final KnownUrls known;
  private final int maxCharacters;
  private int uses;

  /**
   * @param declared the tool as the client declares it
   * @param known the URLs that the conversation has named
   * @param maxTokens the most tokens of a page if the client allows more
   * @throws io.caravan.anthropic.AnthropicException if its options contradict each other
   */
  FetchTool(Tool declared, KnownUrls known, int maxTokens) {
    this.declared = declared;
    this.options = WebOptions.of(declared);
    this.known = known;
    long most = Math.min(options.maxContentTokens(), maxTokens);
    this.maxCharacters = (int) Math.min(Integer.MAX_VALUE, most * CHARACTERS_OF_A_TOKEN);
  }

  /** Returns whether a declared tool is the web fetch. */
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
    return "web_fetch_tool_result";
  }

  @Override
  public String route() {
    return "web-fetch-page";
  }

  @Override
  public FetchQuery body(ServedCall call) throws ServerToolException {
    if (++uses > options.maxUses()) {
      throw new ServerToolException(WebErrors.MAX_USES);
    }
    String url = ToolInputs.text(call, "url");
    if (url.length() > MAX_URL) {
      throw new ServerToolException(WebErrors.URL_TOO_LONG);
    }
    if (!options.domains().allow(url) || !known.contain(url)) {
      throw new ServerToolException(WebErrors.URL_NOT_ALLOWED);
    }
    return new FetchQuery(withScheme(url), maxCharacters);
  }

  private static String withScheme(String url) {
    return url.regionMatches(true, 0, "http://", 0, 7)
            || url.regionMatches(true, 0, "https://", 0, 8)
        ? url
        : "https://" + url;
  }

  @Override
  public Object content(ServedCall call, Object found) throws ServerToolException {
    if (found instanceof String code && WebErrors.isFetchError(code)) {
      throw new ServerToolException(code);
    }
    if (!(found instanceof WebPage page)) {
      throw new ServerToolException(WebErrors.UNAVAILABLE);
    }
    if (!options.domains().allow(page.url())) {
      // A redirect has led elsewhere.
      throw new ServerToolException(WebErrors.URL_NOT_ALLOWED);
    }
    Map<String, Object> content = content(page);
    known.addContent(content);
    return content;
  }

  private Map<String, Object> content(WebPage page) {
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("type", "text");
    source.put("media_type", "text/plain");
    source.put("data", page.text().substring(0, Math.min(maxCharacters, page.text().length())));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "document");
    document.put("source", source);
    document.put("title", page.title().isBlank() ? null : page.title());
    document.put("citations", null);
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("type", "web_fetch_result");
    content.put("url", page.url());
    content.put("content", document);
    content.put("retrieved_at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return content;
  }

  @Override
  public ServerToolUsage use() {
    return new ServerToolUsage(0, 1);
  }

  @Override
  public String words(Object content) {
    if (content instanceof Map<?, ?> map && map.get("content") instanceof Map<?, ?> document) {
      Object text =
          document.get("source") instanceof Map<?, ?> source && "text".equals(source.get("type"))
              ? source.get("data")
              : null;
      if (text != null) {
        String title = document.get("title") instanceof String named ? named + "\n\n" : "";
        return OutsideText.marked("web page", String.valueOf(map.get("url")), title + text);
      }
    }
    return "(A document that is left out.)";
  }
}
