package io.caravan.markup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The tokens of a set of families, by their first character. Shared by all messages. */
final class Markers {
  private static final int ASCII = 128;
  private static final Marker[] NONE = {};

  /** Settings know few sets; more than that are not worth remembering. */
  private static final int MAX_CACHED = 32;

  private static final Map<Set<String>, Markers> CACHE = new ConcurrentHashMap<>();

  private final Marker[][] ascii = new Marker[ASCII][];
  private final Map<Character, Marker[]> others = new HashMap<>();

  /** A few characters; looked at only for text that isn't ASCII. */
  private final String otherFirsts;

  private Markers(List<MarkupFamily> families) {
    Map<Character, List<Marker>> byFirst = new HashMap<>();
    for (MarkupFamily family : families) {
      for (Marker marker : family.markers()) {
        byFirst.computeIfAbsent(marker.text().charAt(0), c -> new ArrayList<>()).add(marker);
      }
    }
    StringBuilder firsts = new StringBuilder();
    byFirst.forEach(
        (first, markers) -> {
          if (first < ASCII) {
            ascii[first] = markers.toArray(NONE);
          } else {
            others.put(first, markers.toArray(NONE));
            firsts.append(first.charValue());
          }
        });
    otherFirsts = firsts.toString();
  }

  static Markers of(Set<String> families) {
    Markers known = CACHE.get(families);
    if (known == null) {
      known = new Markers(MarkupFamilies.named(families));
      if (CACHE.size() < MAX_CACHED) {
        CACHE.put(Set.copyOf(families), known);
      }
    }
    return known;
  }

  /** Whether any token begins with this character: asked for each character of an answer. */
  boolean mayBegin(char c) {
    return c < ASCII ? ascii[c] != null : otherFirsts.indexOf(c) >= 0;
  }

  Marker[] beginningWith(char c) {
    return c < ASCII ? ascii[c] == null ? NONE : ascii[c] : others.getOrDefault(c, NONE);
  }
}
