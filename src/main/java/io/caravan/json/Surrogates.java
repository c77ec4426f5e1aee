package io.caravan.json;

/**
 * Repairs text that was cut in the middle of a character. JavaScript clients cut strings by UTF-16
 * units and send the rest as a lone escape, for which UTF-8 has no form.
 */
public final class Surrogates {
  private Surrogates() {}

  /**
   * Returns the text with each half of a pair replaced by U+FFFD; the same object if there is none.
   */
  public static String repair(String text) {
    int first = firstHalf(text);
    return first < 0 ? text : replaceFrom(text, first);
  }

  /** Returns whether the text holds half a pair. */
  static boolean hasHalf(String text) {
    return firstHalf(text) >= 0;
  }

  private static int firstHalf(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!isPairAt(text, i)) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private static boolean isPairAt(String text, int i) {
    return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
  }

  private static String replaceFrom(String text, int first) {
    StringBuilder repaired = new StringBuilder(text.length()).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        repaired.append(c);
      } else if (isPairAt(text, i)) {
        repaired.append(c).append(text.charAt(++i));
      } else {
        repaired.append('\uFFFD');
      }
    }
    return repaired.toString();
  }
}
