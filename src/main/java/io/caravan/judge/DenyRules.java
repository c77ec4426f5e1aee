package io.caravan.judge;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The user's own rules against calls, in the client's form: {@code Bash(rm:*)}, {@code
 * WebFetch(domain:example.com)}, {@code mcp__server}. A rule can only flag a call, never allow one.
 * Rules on paths are left to the client, which knows its file system.
 */
final class DenyRules {
  /** The beginning of a URL, to the end of its host. */
  private static final Pattern AUTHORITY =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[/\\\\]{2}(?:[^/\\\\?#]*@)?([^/\\\\?#:]+)");

  private DenyRules() {}

  /** Returns the verdict of the first rule that names the call; null if none does. */
  static Verdict flag(List<String> rules, ToolCall call) {
    for (String rule : rules) {
      if (names(rule.strip(), call)) {
        return Verdict.flagged("The user's rule " + rule.strip() + " denies it.");
      }
    }
    return null;
  }

  private static boolean names(String rule, ToolCall call) {
    int open = rule.indexOf('(');
    if (open < 0 || !rule.endsWith(")")) {
      return isTool(rule, call.name());
    }
    if (!rule.substring(0, open).equals(call.name())) {
      return false;
    }
    String pattern = rule.substring(open + 1, rule.length() - 1).strip();
    Map<String, Object> arguments = call.arguments();
    if (arguments == null) {
      return false;
    }
    if (arguments.get("command") instanceof String command) {
      return ShellParts.of(command).stream().anyMatch(part -> matches(pattern, part));
    }
    return arguments.get("url") instanceof String url
        && pattern.startsWith("domain:")
        && isOn(pattern.substring(7), url);
  }

  private static boolean isTool(String rule, String name) {
    boolean server = rule.startsWith("mcp__") && rule.indexOf("__", 5) < 0;
    return rule.equals(name)
        || rule.equals("*")
        || (server && name.startsWith(rule + "__"))
        || (rule.endsWith("*") && name.startsWith(rule.substring(0, rule.length() - 1)));
  }

  private static boolean matches(String pattern, String part) {
    if (pattern.isEmpty() || pattern.equals("*")) {
      return true;
    }
    if (pattern.endsWith(":*")) {
      String prefix = pattern.substring(0, pattern.length() - 2);
      return part.equals(prefix) || part.startsWith(prefix + " ");
    }
    return matchesStars(pattern, part);
  }

  /** Matches a pattern in which a star is any text. No pattern takes it more than one way. */
  private static boolean matchesStars(String pattern, String text) {
    List<String> pieces = List.of(pattern.split("\\*", -1));
    String first = pieces.get(0);
    String last = pieces.get(pieces.size() - 1);
    if (pieces.size() == 1) {
      return text.equals(pattern);
    }
    if (!text.startsWith(first)) {
      return false;
    }
    int at = first.length();
    for (String piece : pieces.subList(1, pieces.size() - 1)) {
      int found = text.indexOf(piece, at);
      if (found < 0) {
        return false;
      }
      at = found + piece.length();
    }
    return text.length() - at >= last.length() && text.endsWith(last);
  }

  private static boolean isOn(String domain, String url) {
    Matcher authority = AUTHORITY.matcher(url.strip());
    if (!authority.lookingAt()) {
      return false;
    }
    String host = plain(authority.group(1));
    String rule = plain(domain.strip());
    return rule.startsWith("*.")
        ? host.endsWith(rule.substring(1))
        : host.equals(rule) || host.endsWith("." + rule);
  }

  /** Returns a host in small letters and without the dot of the root. */
  private static String plain(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
