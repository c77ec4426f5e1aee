package io.caravan.markup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The tokens of a set of families, by their first character. All messages share an instance. */
final class Markers {
  private static final int ASCII = 128;
  private static final Marker[] NONE = {};

  /** The most sets that are cached. Settings name only a few. */
  private static final int MAX_CACHED = 32;

  private static final Map<Key, Markers> CACHE = new ConcurrentHashMap<>();

  private final Marker[][] ascii = new Marker[ASCII][];
  private final Map<Character, Marker[]> beyondAscii = new HashMap<>();

  /** The tokens that count only at the beginning of a message. They cost nothing behind it. */
  private final List<Marker> starts = new ArrayList<>();

  /** The few first characters that aren't ASCII. */
  private final String otherFirsts;

  /** The same tokens without those of the family whose tokens are words. */
  private final Markers withoutWords;

  /** The families by name, and the further ones that are described beside them. */
  private record Key(Set<String> families, List<MarkupDocument> documents) {}

  private final List<MarkupFamily> families;

  private Markers(List<MarkupFamily> families) {
    this.families = families;
    List<MarkupFamily> others =
        families.stream().filter(f -> !f.name().equals(MarkupFamilies.HARMONY_TEXT)).toList();
    withoutWords = others.size() == families.size() ? this : new Markers(others);
    Map<Character, List<Marker>> byFirst = new HashMap<>();
    for (MarkupFamily family : families) {
      for (Marker marker : family.markers()) {
        if (marker.place() == Marker.Place.START || marker.place() == Marker.Place.WHOLE) {
          starts.add(marker);
          continue;
        }
        byFirst.computeIfAbsent(marker.text().charAt(0), c -> new ArrayList<>()).add(marker);
      }
    }
    StringBuilder firsts = new StringBuilder();
    byFirst.forEach(
        (first, markers) -> {
          if (first < ASCII) {
            ascii[first] = markers.toArray(NONE);
          } else {
            beyondAscii.put(first, markers.toArray(NONE));
            firsts.append(first.charValue());
          }
        });
    otherFirsts = firsts.toString();
  }

  /**
   * Returns the tokens of these families.
   *
   * @throws IllegalArgumentException if a family is unknown
   */
  static Markers of(Set<String> families, List<MarkupDocument> documents) {
    Key key = new Key(families, documents);
    Markers known = CACHE.get(key);
    if (known == null) {
      known = new Markers(MarkupFamilies.named(families, documents));
      if (CACHE.size() < MAX_CACHED) {
        CACHE.put(key, known);
      }
    }
    return known;
  }

  List<MarkupFamily> families() {
    return families;
  }

  /** Returns the tokens that can occur in the completions of a model, which may be null. */
  Markers in(String model) {
    return model != null && model.toLowerCase(Locale.ROOT).contains("gpt-oss")
        ? this
        : withoutWords;
  }

  /**
   * Returns whether any token begins with this character. It is called for each character of a
   * completion.
   */
  boolean mayBegin(char c) {
    return c < ASCII ? ascii[c] != null : otherFirsts.indexOf(c) >= 0;
  }

  /** Returns whether any token that counts only at the beginning begins with this character. */
  boolean mayStart(char c) {
    for (Marker marker : starts) {
      if (marker.text().charAt(0) == c) {
        return true;
      }
    }
    return false;
  }

  /** Returns the tokens that count only at the beginning of a message. */
  List<Marker> starts() {
    return starts;
  }

  Marker[] beginningWith(char c) {
    return c < ASCII ? ascii[c] == null ? NONE : ascii[c] : beyondAscii.getOrDefault(c, NONE);
  }
}
