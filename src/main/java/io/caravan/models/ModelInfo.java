package io.caravan.models;

import io.caravan.provider.ModelCard;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model as {@code /v1/models} tells of it. */
final class ModelInfo {
  /** There is no date to tell; the field is required. */
  private static final String CREATED_AT = "1970-01-01T00:00:00Z";

  private ModelInfo() {}

  /**
   * The model's entry.
   *
   * @param card null where nothing is known of it
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
