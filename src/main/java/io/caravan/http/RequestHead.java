package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the head of a request for everything that a proxy in front may read differently: where the
 * body ends, for which host the request is, and what its path is. RFC 9112, 3.2, 6.1 and 11.2.
 */
final class RequestHead {
  private static final Pattern ABSOLUTE = Pattern.compile("(?i)(https?)://([^/?#]+)(?:[/?#].*)?");
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9._~-]*|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{0,5})?");
  private static final int MAX_DIGITS = 18;

  private static final String TYPE = "content-type";

  /** The headers by which the gateway decides. A proxy in front may have looked at another one. */
  private static final List<String> ONCE =
      List.of(
          TYPE, "content-encoding", "origin", "x-api-key", "authorization", "caravan-admin-key");

  private RequestHead() {}

  /**
   * Checks a head.
   *
   * @throws AnthropicException invalid_request_error if it can be read in two ways
   */
  static void check(HttpServerRequest request) {
    for (String name : ONCE) {
      if (request.headers().contains(name) && request.headers().getAll(name).size() > 1) {
        throw AnthropicException.invalid("The request has more than one " + name);
      }
    }
    boolean one = request.version() == HttpVersion.HTTP_1_0;
    if (one || request.version() == HttpVersion.HTTP_1_1) {
      String host = host(request.headers().getAll("host"), one);
      checkTarget(request, host);
      checkLength(request, one);
    } else {
      checkEscapes(request.uri());
    }
  }

  private static String host(List<String> hosts, boolean mayLack) {
    if (hosts.size() > 1) {
      throw AnthropicException.invalid("The request has more than one Host header");
    }
    if (hosts.isEmpty()) {
      if (mayLack) {
        return null;
      }
      throw AnthropicException.invalid("The request has no Host header");
    }
    if (!isPlain(hosts.get(0)) && !HOST.matcher(hosts.get(0)).matches()) {
      throw AnthropicException.invalid("The Host header is not a host name with a port");
    }
    return hosts.get(0);
  }

  /** Returns whether a host is a common one, a name and perhaps a port, without a pattern. */
  private static boolean isPlain(String host) {
    boolean port = false;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      boolean ofName = (c >= 'a' && c <= 'z') || c == '.' || c == '-';
      if (c == ':' && !port) {
        port = true;
      } else if (!digit && (port || !ofName)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLength(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_DIGITS;
  }

  private static void checkTarget(HttpServerRequest request, String host) {
    String target = request.uri();
    if (target.startsWith("/")) {
      checkEscapes(target);
      return;
    }
    Matcher absolute = ABSOLUTE.matcher(target);
    if (!absolute.matches()) {
      throw AnthropicException.invalid("The target of the request is not a path");
    }
    String scheme = absolute.group(1).toLowerCase(Locale.ROOT);
    // A proxy would have replaced the Host by that of the target: RFC 9112, 3.2.2.
    if (host == null || !plain(scheme, absolute.group(2)).equals(plain(scheme, host))) {
      throw AnthropicException.invalid("The target of the request names another host");
    }
    checkEscapes(target);
  }

  private static String plain(String scheme, String authority) {
    String port = scheme.equals("https") ? ":443" : ":80";
    String lower = authority.toLowerCase(Locale.ROOT);
    return lower.endsWith(port) ? lower.substring(0, lower.length() - port.length()) : lower;
  }

  /** Refuses a percent sign without two hexadecimal digits, and a zero byte. */
  private static void checkEscapes(String target) {
    for (int at = target.indexOf('%'); at >= 0; at = target.indexOf('%', at + 1)) {
      boolean whole = at + 2 < target.length();
      int high = whole ? Character.digit(target.charAt(at + 1), 16) : -1;
      int low = whole ? Character.digit(target.charAt(at + 2), 16) : -1;
      if (high < 0 || low < 0 || high + low == 0) {
        throw AnthropicException.invalid("The target of the request has an invalid escape");
      }
    }
  }

  /**
   * Writes the content-type in lower case, without space before a parameter, as the router compares
   * it so: RFC 9110, 8.3.1.
   */
  static void readType(HttpServerRequest request) {
    String type = request.getHeader(TYPE);
    if (type == null) {
      return;
    }
    int end = type.indexOf(';');
    String media = end < 0 ? type : type.substring(0, end);
    String plain = media.strip().toLowerCase(Locale.ROOT);
    if (!plain.equals(media)) {
      request.headers().set(TYPE, end < 0 ? plain : plain + type.substring(end));
    }
  }

  private static void checkLength(HttpServerRequest request, boolean versionOne) {
    List<String> codings = request.headers().getAll("transfer-encoding");
    List<String> lengths = request.headers().getAll("content-length");
    if (!codings.isEmpty()) {
      // A body that is coded in another way may end elsewhere for a proxy in front.
      if (codings.size() > 1 || !codings.get(0).strip().equalsIgnoreCase("chunked")) {
        throw AnthropicException.invalid("The only transfer-encoding that is taken is chunked");
      }
      if (versionOne || !lengths.isEmpty()) {
        throw AnthropicException.invalid(
            "A transfer-encoding stands beside a content-length, or in a request of HTTP/1.0");
      }
    }
    if (lengths.size() > 1 || (lengths.size() == 1 && !isLength(lengths.get(0)))) {
      throw AnthropicException.invalid("content-length is not a number");
    }
  }
}
