package io.caravan.provider;

import io.caravan.settings.QuotationMarks;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The base URL of an upstream as a user has written it, and the faults that can be seen in it. */
public final class BaseUrl {
  private static final Pattern SCHEME = Pattern.compile("(?i)https?://.*");
  private static final Pattern OTHER_SCHEME = Pattern.compile("(?i)([a-z][a-z0-9+.-]*):/.*");
  private static final Pattern PORT = Pattern.compile(":([^:\\]]*)$");
  private static final Pattern USER = Pattern.compile("//[^/@]*@");
  private static final Pattern QUERY = Pattern.compile("([?#]).+");

  /** A variable of a shell, of a template or of Windows, and a placeholder of a document. */
  private static final Pattern UNFILLED =
      Pattern.compile(
          "\\$\\{?\\w+}?|\\{\\{?[\\w.:-]+}}?|%[A-Z][A-Z0-9_]*[G-Z_][A-Z0-9_]*%|<[^<>]*>|…");

  private static final Pattern TWICE = Pattern.compile("(/v\\d+(?:beta)?)(?:\\1)+(?=/|$)");

  /** Hosts of this machine and of private networks, where servers seldom have TLS. */
  private static final Pattern PLAIN_HOST =
      Pattern.compile("(?i)(localhost|[\\w-]+|[\\d.]+|\\[.*])(:\\d+)?(/.*)?|.*:\\d+(/.*)?");

  /** The paths of OpenAI's and Anthropic's APIs, which are put behind a base URL. */
  private static final List<String> CALLS =
      List.of(
          "/chat/completions", "/completions", "/messages", "/models", "/responses", "/embeddings");

  private BaseUrl() {}

  /**
   * A fault.
   *
   * @param words what is wrong, after the name of the URL
   * @param better the URL that was meant, or null if that can't be told
   */
  public record Fault(String words, String better) {}

  /** Returns the fault of a base URL that can be seen without a call; null if there is none. */
  public static Fault fault(String url) {
    String text = url == null ? "" : url.strip();
    if (text.isEmpty()) {
      return new Fault("is empty", null);
    }
    Fault fault = ofCharacters(text);
    if (fault == null) {
      fault = ofScheme(text);
    }
    if (fault == null) {
      fault = ofAddress(text);
    }
    return fault == null ? ofPath(text) : fault;
  }

  private static Fault ofCharacters(String text) {
    String bare = QuotationMarks.without(text).strip();
    if (!bare.equals(text)) {
      return new Fault("has quotation marks around it", valid(bare));
    }
    if (text.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      return new Fault("has a blank or another invisible character in it", null);
    }
    Matcher unfilled = UNFILLED.matcher(text);
    if (unfilled.find()) {
      return new Fault("has " + unfilled.group() + " in it, which nothing has replaced", null);
    }
    return null;
  }

  private static Fault ofScheme(String text) {
    if (SCHEME.matcher(text).matches()) {
      return null;
    }
    Matcher other = OTHER_SCHEME.matcher(text);
    if (other.matches() && !other.group(1).toLowerCase(Locale.ROOT).equals("localhost")) {
      String rest = text.substring(other.group(1).length()).replaceFirst("^:/+", "");
      String scheme = other.group(1).toLowerCase(Locale.ROOT);
      String better = scheme.equals("https") || scheme.equals("http") ? scheme : scheme(rest);
      return new Fault("must begin with http:// or https://", valid(better + "://" + rest));
    }
    String rest = text.replaceFirst("^(?i)(https?)?[:/]+", "");
    return new Fault("has no http:// or https:// before it", valid(scheme(rest) + "://" + rest));
  }

  private static String scheme(String rest) {
    return PLAIN_HOST.matcher(rest).matches() ? "http" : "https";
  }

  private static Fault ofAddress(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      return new Fault("is no URL", null);
    }
    String authority = uri.getRawAuthority();
    if (authority != null && authority.contains("@")) {
      return new Fault(
          "has a user or a password before the host, which are not sent; a key has a setting of its"
              + " own",
          USER.matcher(text).replaceFirst("//"));
    }
    String address = authority == null ? "" : authority;
    if (address.isEmpty() || address.startsWith(":")) {
      return new Fault("names no host", null);
    }
    Matcher port = PORT.matcher(address);
    if ((port.find() && !port.group(1).matches("\\d{1,5}"))
        || uri.getPort() > 65_535
        || uri.getPort() == 0) {
      return new Fault("has a port that is none", null);
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      return new Fault(
          "has a ? or # in it, behind which the path of a call can't be put",
          text.replaceFirst("[?#].*", ""));
    }
    return null;
  }

  private static Fault ofPath(String text) {
    String url = withoutSlash(text);
    for (String call : CALLS) {
      if (url.endsWith(call)) {
        String better = withoutSlash(url.substring(0, url.length() - call.length()));
        return new Fault("ends with " + call + ", which is put behind it", better);
      }
    }
    Matcher twice = TWICE.matcher(url);
    return twice.find()
        ? new Fault("has " + twice.group(1) + " twice", twice.replaceAll("$1"))
        : null;
  }

  private static String valid(String better) {
    try {
      return URI.create(better).getRawAuthority() == null ? null : better;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static String withoutSlash(String url) {
    int end = url.length();
    while (end > 0 && url.charAt(end - 1) == '/') {
      end--;
    }
    return url.substring(0, end);
  }

  /**
   * Returns the URLs that may have been meant, if a base URL has no list of models: most servers
   * have their API below {@code /v1}.
   */
  public static List<String> others(String url) {
    String base = withoutSlash(url.strip());
    Set<String> others = new LinkedHashSet<>();
    Fault fault = fault(base);
    if (fault != null && fault.better() != null) {
      others.add(fault.better());
    }
    others.add(base + "/v1");
    String origin = base.replaceFirst("^(\\w+://[^/]+).*", "$1");
    others.add(origin + "/v1");
    others.remove(base);
    return new ArrayList<>(others);
  }

  /** Returns a URL for people, without a password and without a query, which may have a key. */
  public static String shown(String url) {
    return url == null
        ? ""
        : QUERY.matcher(USER.matcher(url.strip()).replaceFirst("//")).replaceFirst("$1…");
  }
}
