package io.caravan.openai;

import java.util.ArrayList;
import java.util.List;

/** Reads settings that hold several values. */
public final class CommaSeparated {
  private CommaSeparated() {}

  /** The values without the space around them; empty ones and null give none. */
  public static List<String> ofCommaSeparated(String text) {
    List<String> values = new ArrayList<>();
    for (String value : (text == null ? "" : text).split(",", -1)) {
      if (!value.isBlank()) {
        values.add(value.strip());
      }
    }
    return List.copyOf(values);
  }
}
