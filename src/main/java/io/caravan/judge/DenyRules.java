package io.caravan.judge;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The user's own rules against calls, in the client's form: {@code Bash(rm:*)}, {@code
 * WebFetch(domain:example.com)}, {@code mcp__server}. A rule can only flag a call, never allow one.
 * Rules on paths are left to the client, which knows its file system.
 */
final class DenyRules {
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
      return parts(command).stream().anyMatch(part -> matches(pattern, part));
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
    StringBuilder regex = new StringBuilder();
    for (String piece : pattern.split("\\*", -1)) {
      regex.append(regex.length() == 0 ? "" : ".*").append(Pattern.quote(piece));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(part).matches();
  }

  private static boolean isOn(String domain, String url) {
    try {
      String host = URI.create(url.strip()).getHost();
      String rule = domain.strip().toLowerCase(Locale.ROOT);
      String named = host == null ? "" : host.toLowerCase(Locale.ROOT);
      return rule.startsWith("*.")
          ? named.endsWith(rule.substring(1))
          : named.equals(rule) || named.endsWith("." + rule);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Returns the whole command, and its parts between the shell's separators outside of quotes. */
  private static List<String> parts(String command) {
    List<String> parts = new ArrayList<>();
    parts.add(command.strip());
    StringBuilder part = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < command.length(); i++) {
      char c = command.charAt(i);
      boolean separates = quote == 0 && ";&|\n(){}`".indexOf(c) >= 0;
      if (separates) {
        parts.add(part.toString().strip());
        part.setLength(0);
        continue;
      }
      if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
      part.append(c);
    }
    parts.add(part.toString().strip());
    return parts;
  }
}
