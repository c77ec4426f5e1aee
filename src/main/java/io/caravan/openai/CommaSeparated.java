package io.caravan.openai;

import java.util.ArrayList;
import java.util.List;

/** Reads settings that hold several values. */
public final class CommaSeparated {
  private CommaSeparated() {}

  /**
   * Returns the values without the space around them. Empty ones are left out, and null gives an
   * empty list.
   */
  public static List<String> of(String text) {
    List<String> values = new ArrayList<>();
    for (String value : (text == null ? "" : text).split(",", -1)) {
      if (!value.isBlank()) {
        values.add(value.strip());
      }
    }
    return List.copyOf(values);
  }
}
