package io.caravan.settings;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Finds the name that a mistyped one was meant to be. */
public final class Similar {
  private static final String OWN = "caravan";
  private static final int SHORT = 5;
  private static final int MIDDLE = 10;

  private Similar() {}

  /** Returns the known name that is most like another one, or null if none is. */
  public static String to(String name, Collection<String> known) {
    String wanted = plain(name);
    String best = null;
    int least = mostErrors(wanted) + 1;
    for (String each : new TreeSet<>(known)) {
      int errors = errors(wanted, plain(each), least);
      if (errors < least) {
        least = errors;
        best = each;
      }
    }
    return best == null ? byWords(name, known) : best;
  }

  /** Returns words that ask for a name that is like another one; empty if none is. */
  public static String question(String name, Collection<String> known) {
    String similar = to(name, known);
    return similar == null ? "" : "; did you mean " + similar + "?";
  }

  /** Returns the shortest name that has all words of another one, or the longest of its words. */
  private static String byWords(String name, Collection<String> known) {
    Set<String> words = words(name);
    String longer = null;
    String shorter = null;
    for (String each : new TreeSet<>(known)) {
      Set<String> others = words(each);
      if (others.containsAll(words) && (longer == null || each.length() < longer.length())) {
        longer = each;
      }
      if (words.containsAll(others) && (shorter == null || each.length() > shorter.length())) {
        shorter = each;
      }
    }
    return longer == null ? shorter : longer;
  }

  private static Set<String> words(String name) {
    Set<String> words =
        new HashSet<>(List.of(name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1)));
    words.removeAll(List.of(OWN, ""));
    return words;
  }

  private static String plain(String name) {
    String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return letters.startsWith(OWN) ? letters.substring(OWN.length()) : letters;
  }

  private static int mostErrors(String name) {
    return name.length() <= SHORT ? 1 : name.length() <= MIDDLE ? 2 : 3;
  }

  /**
   * Returns how many letters were left out, added, exchanged or swapped with their neighbours; not
   * more than the limit.
   */
  private static int errors(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[][] rows = new int[a.length() + 1][b.length() + 1];
    Arrays.setAll(rows[0], i -> i);
    for (int i = 1; i <= a.length(); i++) {
      rows[i][0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int exchanged = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        rows[i][j] = Math.min(exchanged, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
      }
    }
    return rows[a.length()][b.length()];
  }
}
