package io.caravan.models;

import io.caravan.provider.ModelCard;
import java.util.LinkedHashMap;
import java.util.Map;

/** The description of a model in {@code /v1/models}. */
final class ModelInfo {
  /** The value of a required field whose date is unknown. */
  private static final String CREATED_AT = "1970-01-01T00:00:00Z";

  private ModelInfo() {}

  /**
   * Returns the model's entry.
   *
   * @param card the model's card, or null if there is none
   */
  static Map<String, Object> of(String id, String displayName, ModelCard card) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("id", id);
    info.put("type", "model");
    info.put("display_name", displayName);
    info.put("created_at", CREATED_AT);
    info.put("max_input_tokens", card == null ? null : card.getContextWindow());
    info.put("max_tokens", card == null ? null : card.getMaxOutput());
    info.put("capabilities", null);
    info.put("deprecated_at", null);
    info.put("retires_at", null);
    info.put("lifecycle", "active");
    info.put("line", null);
    return info;
  }
}
