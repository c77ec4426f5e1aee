package io.caravan.translate.error;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Finds keys that stand in a text in pieces or character by character: broken over lines, with
 * separators in between, or with characters escaped as URLs, JSON, HTML or source code escape them.
 * It compares letters and digits only, after it has resolved the escapes.
 */
final class SpelledOut {
  /**
   * The letters and digits in a row that give a key away. More than for a piece in one word, since
   * words of prose follow each other, too.
   */
  private static final int RUN = 16;

  /** The least letters and digits of a key that is looked for. */
  private static final int SHORTEST = 12;

  /** An escape may be escaped again: {@code \\u0041}, {@code %2541}. */
  private static final int DEPTH = 3;

  private static final int FIRST = 3;
  private static final int RADIX = 36;
  private static final int DROPPED = -1;

  private final Set<String> runs = new HashSet<>();
  private final BitSet beginnings = new BitSet(RADIX * RADIX * RADIX);

  /**
   * Prepares a search.
   *
   * @param forms the keys, and the forms in which they may be encoded
   */
  SpelledOut(Collection<String> forms) {
    for (String form : forms) {
      String letters = Spelling.of(form).letters();
      int length = Math.min(RUN, letters.length());
      for (int i = 0; length >= SHORTEST && i + length <= letters.length(); i++) {
        String run = letters.substring(i, i + length);
        beginnings.set(beginning(run, 0));
        runs.add(run);
      }
    }
  }

  /** Returns the text with every key in it replaced by a mask. */
  String mask(String text, String mask) {
    if (runs.isEmpty()) {
      return text;
    }
    Spelling spelling = Spelling.of(text);
    String letters = spelling.letters();
    StringBuilder out = null;
    int written = 0;
    int masked = 0;
    for (int i = 0; i + SHORTEST <= letters.length(); i++) {
      int end = beginnings.get(beginning(letters, i)) ? end(letters, i) : DROPPED;
      if (end < 0 || spelling.to[end - 1] <= masked) {
        continue;
      }
      if (out == null) {
        out = new StringBuilder(text.length());
      }
      if (spelling.from[i] >= masked) {
        out.append(text, written, spelling.from[i]).append(mask);
      }
      masked = spelling.to[end - 1];
      written = masked;
    }
    return out == null ? text : out.append(text, written, text.length()).toString();
  }

  /** Returns the end of the longest run that begins at an index; negative if none does. */
  private int end(String letters, int from) {
    for (int length = Math.min(RUN, letters.length() - from); length >= SHORTEST; length--) {
      if (runs.contains(letters.substring(from, from + length))) {
        return from + length;
      }
    }
    return DROPPED;
  }

  private static int beginning(String letters, int from) {
    int code = 0;
    for (int i = from; i < from + FIRST; i++) {
      code = code * RADIX + Character.digit(letters.charAt(i), RADIX);
    }
    return code;
  }

  /** The letters and digits of a text, in lower case, and where each one stands. */
  private static final class Spelling {
    private char[] chars;
    private int[] from;
    private int[] to;
    private int length;

    private Spelling(String text) {
      length = text.length();
      chars = text.toLowerCase(Locale.ROOT).toCharArray();
      if (chars.length != length) {
        // A few letters have a lower case of two.
        chars = text.toCharArray();
      }
      from = new int[length];
      to = new int[length];
      for (int i = 0; i < length; i++) {
        from[i] = i;
        to[i] = i + 1;
      }
    }

    static Spelling of(String text) {
      Spelling spelling = new Spelling(text);
      for (int depth = 0; depth < DEPTH && spelling.hasEscape(); depth++) {
        spelling.resolve();
      }
      spelling.keepLetters();
      return spelling;
    }

    String letters() {
      return new String(chars, 0, length);
    }

    private boolean hasEscape() {
      for (int i = 0; i < length; i++) {
        if (chars[i] == '\\' || chars[i] == '%' || chars[i] == '&') {
          return true;
        }
      }
      return false;
    }

    private void resolve() {
      int kept = 0;
      int next = 0;
      while (next < length) {
        int end = escapeEnd(next);
        int value = end < 0 ? chars[next] : value(next, end);
        int past = end < 0 ? next + 1 : end;
        if (value != DROPPED) {
          from[kept] = from[next];
          to[kept] = to[past - 1];
          chars[kept++] = (char) value;
        }
        next = past;
      }
      length = kept;
    }

    /** Returns the end of the escape that begins at an index; negative if none does. */
    private int escapeEnd(int at) {
      return switch (chars[at]) {
        case '%' -> hexadecimal(at + 1, at + 3) ? at + 3 : DROPPED;
        case '\\' -> backslashEnd(at);
        case '&' -> entityEnd(at);
        default -> DROPPED;
      };
    }

    private int backslashEnd(int at) {
      if (at + 1 >= length) {
        return DROPPED;
      }
      return switch (chars[at + 1]) {
        case 'u' -> hexadecimal(at + 2, at + 6) ? at + 6 : DROPPED;
        case 'x' -> hexadecimal(at + 2, at + 4) ? at + 4 : DROPPED;
        case 'n', 'r', 't', 'b', 'f' -> at + 2;
        default -> DROPPED;
      };
    }

    private int entityEnd(int at) {
      int end = at + 2;
      while (end < length && end < at + 8 && chars[end] != ';') {
        end++;
      }
      boolean number = at + 2 < end && end < length && chars[end] == ';' && chars[at + 1] == '#';
      int digits = number && chars[at + 2] == 'x' ? at + 3 : at + 2;
      return number && digits < end && hexadecimal(digits, end) ? end + 1 : DROPPED;
    }

    private boolean hexadecimal(int begin, int end) {
      for (int i = begin; i < end; i++) {
        if (i >= length || Character.digit(chars[i], 16) < 0) {
          return false;
        }
      }
      return true;
    }

    /** Returns the character of an escape; {@link #DROPPED} for the end of a line or a tab. */
    private int value(int at, int end) {
      int radix = 16;
      int digits = at + 2;
      int last = end;
      if (chars[at] == '%') {
        digits = at + 1;
      } else if (chars[at] == '&') {
        radix = chars[at + 2] == 'x' ? 16 : 10;
        digits = radix == 16 ? at + 3 : at + 2;
        last = end - 1;
      } else if (end == at + 2) {
        return DROPPED;
      }
      int value = 0;
      for (int i = digits; i < last; i++) {
        value = value * radix + Character.digit(chars[i], 16);
      }
      return value > Character.MAX_VALUE ? DROPPED : Character.toLowerCase((char) value);
    }

    private void keepLetters() {
      int kept = 0;
      for (int i = 0; i < length; i++) {
        char c = chars[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
          chars[kept] = c;
          from[kept] = from[i];
          to[kept++] = to[i];
        }
      }
      length = kept;
      chars = Arrays.copyOf(chars, kept);
    }
  }
}
