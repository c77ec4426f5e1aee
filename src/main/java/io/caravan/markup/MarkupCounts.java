package io.caravan.markup;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What was found in a message. */
final class MarkupCounts {
  private final Map<String, Integer> recovered = new TreeMap<>();
  private int givenUp;
  private int duplicates;

  void recovered(MarkupFamily family) {
    recovered.merge(family.name(), 1, Integer::sum);
  }

  void givenUp() {
    givenUp++;
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
