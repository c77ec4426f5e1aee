package io.caravan.web;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.json.JsonTree;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URLs that a conversation has named: in the user's own text, and in earlier results of the web
 * tools. A model that has read a hostile text could put what it knows into a URL of its own making,
 * so no other is fetched. Results of the client's tools don't count: they may be such a text.
 */
final class KnownUrls {
  /** The characters that divide a text into words: no URL has these characters. */
  private static final Pattern BETWEEN = Pattern.compile("[\\s<>\"'`|\\\\^{}]+");

  private static final Pattern SCHEME = Pattern.compile("https?://", Pattern.CASE_INSENSITIVE);

  /** Marks of a sentence or of Markdown at the end of a URL. */
  private static final String TRAILING = ".,;:!?)]*_~";

  private static final String LEADING = "([*_~";

  private final List<Message> messages;
  private final Set<String> urls = new HashSet<>();
  private boolean read;

  KnownUrls(List<Message> messages) {
    this.messages = messages;
  }

  /** Returns whether the conversation has named a URL. */
  boolean contain(String url) {
    if (!read) {
      read = true;
      messages.forEach(this::add);
    }
    return urls.contains(plain(url));
  }

  private void add(Message message) {
    for (Block block : message.content()) {
      if (block instanceof Block.Text text && message.role() == Message.Role.USER) {
        addText(text.text());
      } else if (block instanceof Block.Other other && isResult(other.type())) {
        addResult(JsonTree.read(other.json()));
      }
    }
  }

  private static boolean isResult(String type) {
    return type.equals("web_search_tool_result") || type.equals("web_fetch_tool_result");
  }

  private void addResult(Object block) {
    if (block instanceof Map<?, ?> map) {
      addContent(map.get("content"));
    }
  }

  /** Adds the URLs of a result's content: those of a search, or those in a page. */
  void addContent(Object content) {
    if (content instanceof List<?> results) {
      results.forEach(this::addContent);
    } else if (content instanceof Map<?, ?> map) {
      if (map.get("url") instanceof String url) {
        urls.add(plain(url));
      }
      if (map.get("content") instanceof Map<?, ?> document
          && document.get("source") instanceof Map<?, ?> source
          && source.get("data") instanceof String text) {
        addText(text);
      }
    }
  }

  private void addText(String text) {
    for (String word : BETWEEN.split(text, -1)) {
      Matcher schemes = SCHEME.matcher(word);
      boolean found = false;
      while (schemes.find()) {
        found = true;
        addWord(word.substring(schemes.start()));
      }
      if (!found && word.indexOf('.') > 0) {
        int start = 0;
        while (start < word.length() && LEADING.indexOf(word.charAt(start)) >= 0) {
          start++;
        }
        addWord(word.substring(start));
      }
    }
  }

  /** Adds a URL, and what is left of it without marks that may not belong to it. */
  private void addWord(String word) {
    urls.add(plain(word));
    int end = word.length();
    while (end > 0 && TRAILING.indexOf(word.charAt(end - 1)) >= 0) {
      end--;
    }
    urls.add(plain(word.substring(0, end)));
    for (char close : new char[] {')', ']'}) {
      int at = word.indexOf(close);
      if (at >= 0) {
        urls.add(plain(word.substring(0, at)));
      }
    }
  }

  /**
   * Returns a URL without what doesn't change its meaning: scheme, fragment, a slash at the end,
   * and capitals in the host. Everything else must be the same.
   */
  private static String plain(String url) {
    String rest = url.strip().replaceFirst("(?i)^https?://", "");
    int fragment = rest.indexOf('#');
    rest = fragment < 0 ? rest : rest.substring(0, fragment);
    int end = 0;
    while (end < rest.length() && "/?".indexOf(rest.charAt(end)) < 0) {
      end++;
    }
    String host = rest.substring(0, end).toLowerCase(Locale.ROOT);
    String path = rest.substring(end);
    return host + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
  }
}
