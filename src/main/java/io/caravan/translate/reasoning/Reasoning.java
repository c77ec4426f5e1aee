package io.caravan.translate.reasoning;

import io.caravan.json.RawJson;

/**
 * Reasoning of an earlier turn.
 *
 * @param text never null
 * @param details OpenRouter's {@code reasoning_details} array, or null
 */
public record Reasoning(String text, RawJson details) {
  public boolean isEmpty() {
    return text.isBlank() && details == null;
  }
}
