package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Protects the gateway from web pages in the user's browser: a page may point a host name of its
 * own at 127.0.0.1 (DNS rebinding), or post across origins.
 */
public final class BrowserGuard {
  private final Set<String> hosts = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final boolean anyHost;

  /**
   * Makes a guard for the host names of the gateway.
   *
   * @param hosts the names, comma-separated and without ports; {@code *} for any
   */
  public BrowserGuard(String hosts) {
    for (String host : hosts.split(",", -1)) {
      if (!host.isBlank()) {
        this.hosts.add(host.strip());
      }
    }
    anyHost = this.hosts.contains("*");
  }

  /**
   * Checks the headers of a request.
   *
   * @throws AnthropicException permission_error for a web page's request
   */
  public void check(String host, String origin) {
    if (!anyHost && host != null && !hosts.contains(nameOf(host))) {
      throw refused(
          "Host "
              + printable(nameOf(host))
              + " is not a name of this gateway; caravan.allowed-hosts lists them");
    }
    checkOrigin(host, origin);
  }

  /**
   * Checks the origin alone.
   *
   * @throws AnthropicException permission_error for a web page's request
   */
  static void checkOrigin(String host, String origin) {
    if (origin != null && !origin.equals("null") && !sameHost(origin, host)) {
      throw refused("Requests of web pages from " + printable(origin) + " are refused");
    }
    if ("null".equals(origin)) {
      throw refused("Requests of web pages without an origin are refused");
    }
  }

  /** Returns whether a Host is an IP address, with or without a port. */
  static boolean isAddress(String host) {
    return host != null
        && (host.startsWith("[") || nameOf(host).matches("\\d{1,3}(?:\\.\\d{1,3}){3}"));
  }

  private static boolean sameHost(String origin, String host) {
    int scheme = origin.indexOf("://");
    return host != null && scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
  }

  private static String nameOf(String host) {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? host : host.substring(0, end + 1);
    }
    int colon = host.indexOf(':');
    return (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
  }

  private static String printable(String text) {
    String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
    return shown.replaceAll("[^\\x20-\\x7e…]", "?");
  }

  private static AnthropicException refused(String message) {
    return new AnthropicException(
        ErrorType.PERMISSION, ErrorType.PERMISSION.status(), message, null, false, null);
  }
}
