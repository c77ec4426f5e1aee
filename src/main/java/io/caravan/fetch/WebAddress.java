package io.caravan.fetch;

import io.caravan.fetch.FetchException.Reason;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A URL of the web, in the one form in which it is checked and called.
 *
 * @param uri the URL, its host in ASCII and lower case, without user and fragment
 * @param host the host; an IPv6 address has no brackets
 * @param port the port, also where the URL leaves it out
 */
record WebAddress(URI uri, String host, int port) {
  private static final int LONGEST = 4096;

  /** Ports below are those of other protocols, to which a URL could speak a line of theirs. */
  private static final int FIRST_FREE_PORT = 1024;

  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\[\\]:@/%\\\\]+)(?::(\\d{1,5}))?");
  private static final Pattern DOTTED =
      Pattern.compile("(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})");

  /** The last label of a host that browsers and libc read as an IPv4 address (WHATWG URL). */
  private static final Pattern NUMBER = Pattern.compile("(?:.*\\.)?(?:\\d+|0[xX][0-9a-fA-F]*)");

  static WebAddress of(URI uri) throws FetchException {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw invalid("only http and https URLs are fetched");
    }
    if (uri.toString().length() > LONGEST) {
      throw invalid("the URL is longer than " + LONGEST + " characters");
    }
    var authority = AUTHORITY.matcher(uri.getRawAuthority() == null ? "" : uri.getRawAuthority());
    if (!authority.matches()) {
      throw invalid("the URL has no plain host, or a user");
    }
    String host = host(authority.group(1));
    int port = port(authority.group(2), scheme);
    try {
      String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      String named = authority.group(2) == null ? host : host + ":" + port;
      URI plain = new URI(new URI(scheme + "://" + named + path + query).toASCIIString());
      return new WebAddress(plain, host.replaceAll("[\\[\\]]", ""), port);
    } catch (URISyntaxException e) {
      throw invalid("the URL can't be read");
    }
  }

  private static String host(String text) throws FetchException {
    if (text.startsWith("[")) {
      return text;
    }
    String host;
    try {
      host = IDN.toASCII(text).toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    } catch (IllegalArgumentException e) {
      throw invalid("the URL's host is no name");
    }
    // 0177.0.0.1, 0x7f.1 and 2130706433 are 127.0.0.1 to some and a name to others.
    if (NUMBER.matcher(host).matches() && !DOTTED.matcher(host).matches()) {
      throw invalid("the URL's host is a number in no plain form");
    }
    return host;
  }

  private static int port(String text, String scheme) throws FetchException {
    int port = text == null ? (scheme.equals("https") ? 443 : 80) : Integer.parseInt(text);
    if (port != 80 && port != 443 && (port < FIRST_FREE_PORT || port > 0xffff)) {
      throw new FetchException(Reason.NOT_ALLOWED, "port " + port + " is not one of the web");
    }
    return port;
  }

  /** Returns whether the host is an address, and no name. */
  boolean isLiteral() {
    return host.indexOf(':') >= 0 || DOTTED.matcher(host).matches();
  }

  boolean isSecure() {
    return uri.getScheme().equals("https");
  }

  private static FetchException invalid(String message) {
    return new FetchException(Reason.INVALID_URL, message);
  }
}
