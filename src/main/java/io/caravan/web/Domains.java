package io.caravan.web;

import io.caravan.anthropic.AnthropicException;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * The domains that a tool may or may not use: {@code example.com} with its subdomains, or a path of
 * it, {@code example.com/blog}, in which {@code *} is any text (platform documentation, "Web search
 * tool", domain filtering).
 *
 * @param allowed the only ones that may be used; empty for all
 * @param blocked those that may not be used
 */
record Domains(List<String> allowed, List<String> blocked) {
  /**
   * @throws AnthropicException if both lists have entries, which the protocol refuses
   */
  Domains {
    if (!allowed.isEmpty() && !blocked.isEmpty()) {
      throw AnthropicException.invalid(
          "tools: Only one of allowed_domains and blocked_domains may be used");
    }
  }

  /** Returns whether a URL may be used. */
  boolean allow(String url) {
    URI uri;
    try {
      uri = URI.create(url.strip());
    } catch (IllegalArgumentException e) {
      return allowed.isEmpty() && blocked.isEmpty();
    }
    return (allowed.isEmpty() || allowed.stream().anyMatch(domain -> covers(domain, uri)))
        && blocked.stream().noneMatch(domain -> covers(domain, uri));
  }

  private static boolean covers(String domain, URI uri) {
    if (uri.getHost() == null) {
      return false;
    }
    String wanted = domain.strip().toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
    int slash = wanted.indexOf('/');
    String host = slash < 0 ? wanted : wanted.substring(0, slash);
    String found = uri.getHost().toLowerCase(Locale.ROOT);
    boolean sameHost = found.equals(host) || found.endsWith("." + host);
    return sameHost && (slash < 0 || coversPath(wanted.substring(slash), uri));
  }

  private static boolean coversPath(String pattern, URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String[] parts = pattern.split("\\*", -1);
    if (!path.toLowerCase(Locale.ROOT).startsWith(parts[0])) {
      return false;
    }
    int at = parts[0].length();
    for (int i = 1; i < parts.length; i++) {
      int next = path.toLowerCase(Locale.ROOT).indexOf(parts[i], at);
      if (next < 0) {
        return false;
      }
      at = next + parts[i].length();
    }
    return true;
  }
}
