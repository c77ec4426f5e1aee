package io.caravan.translate.request.schema;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The characters of a class in a regular expression. Those up to U+007F are known one by one, the
 * others as ranges, as long as these are few: a class of all letters of Unicode would have 600, and
 * each of them would be tokens of the prompt. Larger ones are widened to all characters from U+0080
 * on.
 */
final class CharacterSet {
  private static final int ASCII = 128;

  /** The most ranges that are written for one property. */
  private static final int MOST_RANGES = 24;

  /** A range of characters. */
  private record Range(int first, int last) {}

  /**
   * The characters that an escape such as {@code \p} with a name stands for.
   *
   * @param others the ranges from U+0080 on, or null if they are too many
   * @param all whether all characters from U+0080 on belong to it
   */
  record Property(BitSet ascii, List<Range> others, boolean all) {
    /** The most names that are kept. Unicode has fewer; clients can spell them in many ways. */
    private static final int MOST_NAMES = 512;

    private static final Map<String, Property> KNOWN = new ConcurrentHashMap<>();

    /** The characters up to U+FFFF, without surrogates. */
    private static final String PLANE = plane();

    private static final Map<Character, String> SHORTHANDS =
        Map.of('d', "[0-9]", 'w', "[A-Za-z0-9_]", 's', "[\\t-\\r ]");

    /** JavaScript's longer names, as Java has the short ones. */
    private static final Map<String, String> SHORT =
        Map.ofEntries(
            Map.entry("letter", "L"),
            Map.entry("lowercaseletter", "Ll"),
            Map.entry("uppercaseletter", "Lu"),
            Map.entry("titlecaseletter", "Lt"),
            Map.entry("modifierletter", "Lm"),
            Map.entry("otherletter", "Lo"),
            Map.entry("mark", "M"),
            Map.entry("number", "N"),
            Map.entry("decimalnumber", "Nd"),
            Map.entry("digit", "Nd"),
            Map.entry("letternumber", "Nl"),
            Map.entry("othernumber", "No"),
            Map.entry("punctuation", "P"),
            Map.entry("punct", "P"),
            Map.entry("symbol", "S"),
            Map.entry("separator", "Z"),
            Map.entry("spaceseparator", "Zs"),
            Map.entry("lineseparator", "Zl"),
            Map.entry("paragraphseparator", "Zp"),
            Map.entry("other", "C"),
            Map.entry("control", "Cc"),
            Map.entry("cntrl", "Cc"),
            Map.entry("format", "Cf"),
            Map.entry("alphabetic", "IsAlphabetic"),
            Map.entry("alpha", "IsAlphabetic"),
            Map.entry("lowercase", "IsLowercase"),
            Map.entry("uppercase", "IsUppercase"),
            Map.entry("whitespace", "IsWhite_Space"),
            Map.entry("ideographic", "IsIdeographic"),
            Map.entry("any", "IsAssigned"),
            Map.entry("ascii", "ASCII"));

    /** Returns the property of {@code \d}, {@code \w}, {@code \s} or their opposites. */
    static Property shorthand(char kind) {
      Property property = matching(SHORTHANDS.get(Character.toLowerCase(kind)));
      return Character.isUpperCase(kind) ? property.negated() : property;
    }

    /** Returns the property of a name; null if Java doesn't know it. */
    static Property named(String name) {
      int equals = name.indexOf('=');
      String value = name.substring(equals + 1);
      String key = equals < 0 ? "" : name.substring(0, equals).toLowerCase(Locale.ROOT);
      boolean script = key.startsWith("s");
      String folded = value.replace("_", "").toLowerCase(Locale.ROOT);
      String java = script ? "script=" + value : SHORT.getOrDefault(folded, value);
      return matching("\\p{" + java + "}");
    }

    private static Property matching(String expression) {
      Property known = KNOWN.get(expression);
      if (known != null || KNOWN.size() >= MOST_NAMES) {
        return known;
      }
      try {
        Property property = read(Pattern.compile("(?:" + expression + ")+"));
        KNOWN.put(expression, property);
        return property;
      } catch (PatternSyntaxException e) {
        return null;
      }
    }

    private static Property read(Pattern members) {
      BitSet ascii = new BitSet(ASCII);
      List<Range> others = new ArrayList<>();
      Matcher runs = members.matcher(PLANE);
      while (runs.find()) {
        int last = runs.end() - 1;
        if (runs.start() < ASCII) {
          ascii.set(runs.start(), Math.min(last + 1, ASCII));
        }
        if (last >= ASCII) {
          others.add(new Range(Math.max(runs.start(), ASCII), last));
        }
      }
      return new Property(ascii, others.size() > MOST_RANGES ? null : List.copyOf(others), false);
    }

    private static String plane() {
      char[] plane = new char[0x10000];
      for (int c = 0; c < plane.length; c++) {
        plane[c] = Character.isSurrogate((char) c) ? '\uFFFF' : (char) c;
      }
      return new String(plane);
    }

    Property negated() {
      BitSet opposite = new BitSet(ASCII);
      opposite.set(0, ASCII);
      opposite.andNot(ascii);
      boolean allOthers = others != null && others.isEmpty();
      return new Property(opposite, null, allOthers);
    }
  }

  private final BitSet ascii = new BitSet(ASCII);
  private final List<Range> others = new ArrayList<>();

  /** True if the set also has characters from U+0080 on that are not listed. */
  private boolean more;

  /** True if it has all of them. */
  private boolean all;

  private boolean widened;

  void add(int first, int last) {
    for (int c = first; c <= Math.min(last, ASCII - 1); c++) {
      ascii.set(c);
    }
    if (last >= ASCII) {
      others.add(new Range(Math.max(first, ASCII), last));
    }
  }

  void add(Property property) {
    ascii.or(property.ascii());
    all |= property.all();
    if (property.others() == null) {
      more = true;
    } else {
      others.addAll(property.others());
    }
  }

  /** Returns whether the last written form has more characters than the class. */
  boolean isWidened() {
    return widened;
  }

  /** Returns the class in brackets; null if there is no such form. */
  String written(boolean negated) {
    widened = more && !all;
    if (all || (more && !negated)) {
      // All from U+0080 on belong to it: the others are few.
      BitSet absent = new BitSet(ASCII);
      absent.set(0, ASCII);
      absent.andNot(ascii);
      return written(absent, List.of(), !negated);
    }
    return written(ascii, others, negated);
  }

  private static String written(BitSet ascii, List<Range> others, boolean negated) {
    StringBuilder out = new StringBuilder();
    appendAscii(ascii, out);
    for (Range range : others) {
      append(range.first(), out);
      if (range.last() > range.first()) {
        append(range.last() == range.first() + 1 ? "" : "-", range.last(), out);
      }
    }
    // The hyphen needs no backslash at the end, which llama.cpp's grammars don't know.
    out.append(ascii.get('-') ? "-" : "");
    return out.length() == 0 ? null : (negated ? "[^" : "[") + out + "]";
  }

  private static void append(String dash, int last, StringBuilder out) {
    out.append(dash);
    append(last, out);
  }

  /** Writes all but the hyphen. */
  private static void appendAscii(BitSet set, StringBuilder out) {
    for (int c = set.nextSetBit(0); c >= 0; ) {
      int end = Math.min(set.nextClearBit(c), ASCII) - 1;
      int last = c == '-' ? c : Math.min(end, lastOfKind(c));
      if (c != '-') {
        appendRange(c, last, out);
      }
      c = set.nextSetBit(last + 1);
    }
  }

  /** Returns the last character that a readable range may have: {@code 0-9}, {@code a-z}. */
  private static int lastOfKind(int c) {
    if (c < ' ') {
      return ' ' - 1;
    } else if (c >= '0' && c <= '9') {
      return '9';
    } else if (c >= 'A' && c <= 'Z') {
      return 'Z';
    } else if (c >= 'a' && c <= 'z') {
      return 'z';
    }
    return c;
  }

  private static void appendRange(int first, int last, StringBuilder out) {
    if (last - first < 2) {
      for (int c = first; c <= last; c++) {
        appendInClass(c, out);
      }
      return;
    }
    appendInClass(first, out);
    out.append('-');
    appendInClass(last, out);
  }

  private static void appendInClass(int c, StringBuilder out) {
    if (c == '\\' || c == '[' || c == ']') {
      out.append('\\').append((char) c);
    } else if (c == '^' || c == '&' || c == '~') {
      // The first of a class, or doubled, they are operators.
      out.append(String.format("\\x%02X", c));
    } else {
      append(c, out);
    }
  }

  /** Writes a character as itself if it is seen, else by its number. */
  static void append(int c, StringBuilder out) {
    if (c == '\n') {
      out.append("\\n");
    } else if (c == '\t') {
      out.append("\\t");
    } else if (c == '\r') {
      out.append("\\r");
    } else if (c < ' ' || c == 0x7F) {
      out.append(String.format("\\x%02X", c));
    } else if (c >= ASCII && c < 0x10000) {
      out.append(String.format("\\u%04X", c));
    } else {
      out.appendCodePoint(c);
    }
  }
}
