package io.caravan.models;

import io.caravan.exchange.ModelChoice;
import io.caravan.provider.Lifecycle;
import io.caravan.provider.ModelCard;
import java.time.Instant;
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
   * @param id the client's name for the model
   */
  static Map<String, Object> of(
      String id, ModelChoice choice, Lifecycle lifecycle, GatewayAbilities gateway) {
    ModelCard card = choice.card();
    boolean named = choice.modelClass() == null;
    String line = named ? null : ModelClasses.of(choice.requested());
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("id", id);
    info.put("type", "model");
    info.put("display_name", displayName(choice));
    info.put("created_at", CREATED_AT);
    info.put("max_input_tokens", card == null ? null : card.getContextWindow());
    info.put("max_tokens", card == null ? null : card.getMaxOutput());
    info.put("capabilities", Capabilities.of(choice, gateway));
    info.put("deprecated_at", date(lifecycle.deprecatedAt()));
    info.put("retires_at", date(lifecycle.retiresAt()));
    info.put("lifecycle", lifecycle.at(Instant.now()));
    info.put("line", ModelClasses.DEFAULT.equals(line) ? null : line);
    return info;
  }

  private static String date(Instant time) {
    return time == null ? null : time.toString();
  }

  /**
   * Returns the name for people. Claude Code's menu shows it alone, and several classes may share a
   * model.
   */
  private static String displayName(ModelChoice choice) {
    if (choice.modelClass() != null) {
      return ModelClasses.of(choice.requested()) + " (" + choice.fullName() + ")";
    }
    String name = choice.card() == null ? null : choice.card().nameOf(choice.model());
    return name == null ? choice.fullName() : name;
  }
}
