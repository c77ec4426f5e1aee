package io.caravan.translate.request.schema;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Recognises the regular expressions that every engine behind an upstream understands. Rust's and
 * Python's automata have no look-around and no back-references, and {@code \p} has a name of its
 * own in each dialect. One such pattern makes some servers refuse the whole request
 * (raine/claude-code-proxy#142).
 */
final class PortablePattern {
  private static final int LONGEST = 1000;

  private PortablePattern() {}

  static boolean is(String pattern) {
    if (pattern.length() > LONGEST || hasSpecialGroup(pattern) || hasSpecialEscape(pattern)) {
      return false;
    }
    try {
      Pattern.compile(pattern);
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  private static boolean hasSpecialGroup(String pattern) {
    for (int i = pattern.indexOf("(?"); i >= 0; i = pattern.indexOf("(?", i + 1)) {
      if (i + 2 >= pattern.length() || pattern.charAt(i + 2) != ':') {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a pattern has Unicode classes or back-references. */
  private static boolean hasSpecialEscape(String pattern) {
    for (int i = 0; i + 1 < pattern.length(); i++) {
      if (pattern.charAt(i) == '\\') {
        char escaped = pattern.charAt(++i);
        if (escaped == 'p'
            || escaped == 'P'
            || escaped == 'k'
            || (escaped >= '1' && escaped <= '9')) {
          return true;
        }
      }
    }
    return false;
  }
}
