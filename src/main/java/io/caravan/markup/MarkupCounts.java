package io.caravan.markup;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Counts the markup of one message. */
final class MarkupCounts {
  private final Map<String, Integer> recovered = new TreeMap<>();
  private int givenUp;
  private int duplicates;
  private int characters;

  void recovered(MarkupFamily family) {
    recovered.merge(family.name(), 1, Integer::sum);
  }

  void givenUp() {
    givenUp++;
  }

  /** Counts characters that were taken out; a negative number gives some back. */
  void taken(int length) {
    characters += length;
  }

  int characters() {
    return characters;
  }

  void duplicate() {
    duplicates++;
  }

  Map<String, Integer> byFamily() {
    return Collections.unmodifiableMap(recovered);
  }

  int givenUpOn() {
    return givenUp;
  }

  int duplicates() {
    return duplicates;
  }
}
