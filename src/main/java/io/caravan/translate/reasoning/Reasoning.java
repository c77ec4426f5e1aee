package io.caravan.translate.reasoning;

import io.caravan.json.RawJson;

/**
 * The reasoning of an earlier turn.
 *
 * @param text the text, never null
 * @param details OpenRouter's {@code reasoning_details} array, or null
 */
public record Reasoning(String text, RawJson details) {
  public boolean isEmpty() {
    return text.isBlank() && details == null;
  }
}
