package io.caravan.web;

import io.caravan.servertools.ServerToolException;
import io.caravan.translate.request.OutsideText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The results of a search, in the content of {@code web_search_tool_result}. What a page says about
 * itself stands in {@code encrypted_content}: clients send that back unread, so the model reads it
 * again in later turns. It is encoded, not encrypted: there is nothing secret in it.
 */
final class SearchResults {
  /** The beginning of a content that was written here, and not by another server. */
  private static final String OWN = "caravan1.";

  /** The names of a passage of the page: the contract's, then those of services. */
  private static final List<String> SNIPPET = List.of("snippet", "content", "description");

  private static final List<String> AGE =
      List.of("age", "page_age", "publishedDate", "published_date");

  /** A URL has no room for words of another kind. */
  private static final Pattern LINK = Pattern.compile("https?://[^\\s\\p{Cntrl}<>\"]{1,2000}");

  private static final int MAX_SNIPPET = 4_000;

  private SearchResults() {}

  /**
   * Returns the content of a result block.
   *
   * @param found what a route has left: a list of maps with title, url, snippet (or content) and
   *     age; or an error code
   * @throws ServerToolException if it is an error code, or nothing
   */
  static List<Map<String, Object>> content(Object found, Domains domains, int maxResults)
      throws ServerToolException {
    if (found instanceof String code && WebErrors.isSearchError(code)) {
      throw new ServerToolException(code);
    }
    if (!(found instanceof Iterable<?> list)) {
      throw new ServerToolException(WebErrors.UNAVAILABLE);
    }
    List<Map<String, Object>> content = new ArrayList<>();
    for (Object each : list) {
      String url = each instanceof Map<?, ?> map ? text(map.get("url")) : "";
      if (content.size() < maxResults && isLink(url) && domains.allow(url)) {
        content.add(block((Map<?, ?>) each, url));
      }
    }
    return content;
  }

  private static boolean isLink(String url) {
    return LINK.matcher(url).matches();
  }

  private static Map<String, Object> block(Map<?, ?> result, String url) {
    // Claude Code lists the titles in a tool's result, without a mark around them.
    String title = OutsideText.line(text(result.get("title")));
    String snippet = first(result, SNIPPET);
    snippet = snippet.substring(0, Math.min(MAX_SNIPPET, snippet.length()));
    String age = OutsideText.line(first(result, AGE));
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("type", "web_search_result");
    block.put("title", title.isBlank() ? url : title);
    block.put("url", url);
    block.put("encrypted_content", encoded(snippet));
    block.put("page_age", age.isBlank() ? null : age);
    return block;
  }

  private static String first(Map<?, ?> result, List<String> names) {
    return names.stream()
        .map(name -> text(result.get(name)))
        .filter(text -> !text.isBlank())
        .findFirst()
        .orElse("");
  }

  private static String text(Object value) {
    return value == null ? "" : value.toString().strip();
  }

  private static String encoded(String snippet) {
    return OWN
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(snippet.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(Object content) {
    if (!(content instanceof String text) || !text.startsWith(OWN)) {
      return "";
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text.substring(OWN.length()));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** Returns the results in words, between marks. */
  static String words(Object content) {
    StringBuilder text = new StringBuilder();
    for (Object each : content instanceof List<?> list ? list : List.of()) {
      if (each instanceof Map<?, ?> result) {
        text.append(text.length() == 0 ? "" : "\n\n").append(result.get("title"));
        text.append('\n').append(result.get("url"));
        text.append(result.get("page_age") instanceof String age ? " (" + age + ")" : "");
        String snippet = decoded(result.get("encrypted_content"));
        text.append(snippet.isEmpty() ? "" : "\n" + snippet);
      }
    }
    return text.length() == 0
        ? "Nothing was found."
        : OutsideText.marked("web search results", null, text.toString());
  }
}
