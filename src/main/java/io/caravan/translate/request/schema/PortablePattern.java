package io.caravan.translate.request.schema;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Writes a regular expression of JavaScript's dialect in the words that every engine behind an
 * upstream understands: Python's and Rust's, ECMAScript's without the flag {@code u}, llama.cpp's
 * grammars. One expression that an engine refuses makes some servers refuse the whole request:
 * Claude Code's Artifact tool has {@code \p} in a class, which is unknown to Python
 * (raine/claude-code-proxy#142), look-ahead is unknown to Rust, {@code \d} and {@code \-} to
 * llama.cpp (ggml-org/llama.cpp#27580, ollama/ollama#18226).
 *
 * <p>What has no such form is widened: the pattern then accepts all that it did, and more. A
 * pattern for which there is no wider one is left out.
 */
final class PortablePattern {
  private static final int LONGEST = 1000;

  private final String pattern;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private boolean widened;

  /** True if the piece before has gone, and with it what a quantifier would repeat. */
  private boolean gone;

  private PortablePattern(String pattern) {
    this.pattern = pattern;
  }

  /** Thrown if there is no portable form. */
  private static final class NotPortableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotPortableException() {
      super(null, null, false, false);
    }
  }

  /** Puts a pattern into a schema, or leaves it out. Returns whether it says less than before. */
  static boolean put(Object pattern, Map<String, Object> out) {
    if (!(pattern instanceof String text)) {
      return pattern != null;
    }
    Portable portable = of(text);
    if (portable.pattern() == null) {
      return true;
    }
    out.put("pattern", portable.pattern());
    return portable.widened();
  }

  /**
   * A pattern for every engine.
   *
   * @param pattern the pattern, or null if there is none
   * @param widened whether it accepts more than the original
   */
  record Portable(String pattern, boolean widened) {}

  static Portable of(String pattern) {
    if (pattern.length() > LONGEST) {
      return new Portable(null, true);
    }
    PortablePattern portable = new PortablePattern(pattern);
    try {
      portable.write();
      Pattern.compile(portable.out.toString());
    } catch (NotPortableException | PatternSyntaxException e) {
      return new Portable(null, true);
    }
    String written = portable.out.toString();
    boolean nothing = portable.widened && written.matches("[\\^$]{0,2}");
    return new Portable(nothing ? null : written, portable.widened);
  }

  private void write() {
    while (at < pattern.length()) {
      char c = pattern.charAt(at++);
      switch (c) {
        case '\\' -> escape();
        case '[' -> characterClass();
        case '(' -> group();
        case '*', '+', '?' -> quantifier(String.valueOf(c));
        case '{' -> counted();
        default -> literal(c);
      }
    }
  }

  private void literal(char c) {
    out.append(c);
    gone = false;
  }

  private void escape() {
    char c = next();
    if (c == 'b' || c == 'B') {
      // A place, not a character.
      widened = true;
      gone = true;
    } else if ("pPdDwWsS".indexOf(c) >= 0) {
      CharacterSet set = new CharacterSet();
      set.add(property(c));
      append(set, false);
    } else {
      literalEscape(character(c));
    }
  }

  /** Writes a character that has been escaped, with a backslash only if it needs one. */
  private void literalEscape(int character) {
    if (character < 128 && ".*+?^$()[]{}|\\".indexOf(character) >= 0) {
      out.append('\\').append((char) character);
    } else {
      CharacterSet.append(character, out);
    }
    gone = false;
  }

  private CharacterSet.Property property(char kind) {
    if (kind != 'p' && kind != 'P') {
      return CharacterSet.Property.shorthand(kind);
    }
    int end = pattern.indexOf('}', at);
    if (end < 0 || next() != '{') {
      throw new NotPortableException();
    }
    CharacterSet.Property named = CharacterSet.Property.named(pattern.substring(at, end));
    at = end + 1;
    if (named == null) {
      throw new NotPortableException();
    }
    return kind == 'p' ? named : named.negated();
  }

  /** Returns the character that an escape stands for. Back-references stand for none. */
  private int character(char c) {
    return switch (c) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'v' -> 0x0B;
      case '0' -> 0;
      case 'x' -> hex(2);
      case 'u' -> unicode();
      case 'c' -> next() % 32;
      default -> {
        // Python knows no other letters, and JavaScript takes them for themselves.
        if (c < 128 && Character.isLetterOrDigit(c)) {
          throw new NotPortableException();
        }
        yield c;
      }
    };
  }

  private int unicode() {
    if (at < pattern.length() && pattern.charAt(at) == '{') {
      int end = pattern.indexOf('}', at);
      if (end < 0 || end - at > 7) {
        throw new NotPortableException();
      }
      int start = at + 1;
      at = end + 1;
      return number(pattern.substring(start, end));
    }
    return hex(4);
  }

  private int hex(int digits) {
    if (at + digits > pattern.length()) {
      throw new NotPortableException();
    }
    at += digits;
    return number(pattern.substring(at - digits, at));
  }

  private static int number(String hex) {
    try {
      int number = Integer.parseInt(hex, 16);
      if (Character.isValidCodePoint(number) && !Character.isSurrogate((char) number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // It is no number.
    }
    throw new NotPortableException();
  }

  private char next() {
    if (at >= pattern.length()) {
      throw new NotPortableException();
    }
    return pattern.charAt(at++);
  }

  private void characterClass() {
    int from = at;
    boolean negated = at < pattern.length() && pattern.charAt(at) == '^';
    at += negated ? 1 : 0;
    CharacterSet set = new CharacterSet();
    boolean plain = true;
    while (true) {
      char c = next();
      if (c == ']') {
        break;
      }
      if (c == '[' || ((c == '&' || c == '~') && pattern.charAt(at - 2) == c)) {
        // Rust reads an inner bracket as a class, and && and ~~ as operators.
        plain = false;
      }
      if (c == '\\') {
        c = next();
        plain &= c == '\\' || c == ']' || c == '[' || c == 'n' || c == 't' || c == 'r';
        if ("pPdDwWsS".indexOf(c) >= 0) {
          set.add(property(c));
          continue;
        }
        range(set, c == 'b' ? 8 : c == '-' ? '-' : character(c));
      } else {
        range(set, codePoint(c));
      }
    }
    if (at - 1 == from + (negated ? 1 : 0)) {
      // [] and [^] are JavaScript's own.
      throw new NotPortableException();
    }
    if (plain) {
      out.append('[').append(pattern, from, at);
      gone = false;
    } else {
      append(set, negated);
    }
  }

  private int codePoint(char c) {
    if (Character.isHighSurrogate(c) && at < pattern.length()) {
      return Character.toCodePoint(c, next());
    }
    return c;
  }

  /** Adds a character, or the range that begins with it. */
  private void range(CharacterSet set, int first) {
    boolean isRange =
        at + 1 < pattern.length() && pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']';
    if (!isRange) {
      set.add(first, first);
      return;
    }
    at++;
    char c = next();
    int last = c == '\\' ? escapedLast() : codePoint(c);
    if (last < first) {
      throw new NotPortableException();
    }
    set.add(first, last);
  }

  private int escapedLast() {
    char c = next();
    if ("pPdDwWsS".indexOf(c) >= 0) {
      throw new NotPortableException();
    }
    return character(c);
  }

  private void append(CharacterSet set, boolean negated) {
    String written = set.written(negated);
    if (written == null) {
      throw new NotPortableException();
    }
    widened |= set.isWidened();
    out.append(written);
    gone = false;
  }

  private void group() {
    if (!pattern.startsWith("?", at)) {
      literal('(');
    } else if (pattern.startsWith("?:", at)) {
      at += 2;
      out.append("(?:");
    } else if (pattern.startsWith("?=", at)
        || pattern.startsWith("?!", at)
        || pattern.startsWith("?<=", at)
        || pattern.startsWith("?<!", at)) {
      // A condition on other characters: without it the pattern accepts more.
      skipGroup();
      widened = true;
      gone = true;
    } else if (pattern.startsWith("?<", at) || pattern.startsWith("?P<", at)) {
      int end = pattern.indexOf('>', at);
      if (end < 0) {
        throw new NotPortableException();
      }
      at = end + 1;
      out.append("(?:");
    } else {
      throw new NotPortableException();
    }
  }

  private void skipGroup() {
    int depth = 1;
    boolean inClass = false;
    while (depth > 0) {
      char c = next();
      if (c == '\\') {
        next();
      } else if (inClass) {
        inClass = c != ']';
      } else if (c == '[') {
        inClass = true;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      }
    }
  }

  private void counted() {
    int end = pattern.indexOf('}', at);
    String count = end < 0 ? "" : pattern.substring(at, end);
    if (count.matches("\\d{1,9}(?:,\\d{0,9})?")) {
      at = end + 1;
      quantifier("{" + count + "}");
    } else {
      // JavaScript's dialect of old takes it for itself.
      out.append("\\{");
      gone = false;
    }
  }

  /** Writes a repetition. A lazy one accepts the same. */
  private void quantifier(String repetition) {
    if (at < pattern.length() && pattern.charAt(at) == '+') {
      throw new NotPortableException();
    }
    if (at < pattern.length() && pattern.charAt(at) == '?') {
      at++;
    }
    if (!gone) {
      out.append(repetition);
    }
  }
}
