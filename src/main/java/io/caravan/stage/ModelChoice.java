package io.caravan.stage;

import io.caravan.openai.ModelCard;
import io.caravan.openai.Provider;

/**
 * Who answers a request.
 *
 * @param requested as the client named the model; the answer carries this name
 * @param provider the provider
 * @param model as the provider names it
 * @param card what is known of the model, or null
 */
public record ModelChoice(String requested, Provider provider, String model, ModelCard card) {
  /** The full name, {@code provider/model}. */
  public String fullName() {
    return provider.getName() + "/" + model;
  }

  /** Whether it stands in the configuration; clients may name any other model too. */
  boolean isConfigured() {
    return card != null || !ModelDirectory.plain(requested).equals(fullName());
  }

  /**
   * The model in metrics: names that clients make up must not become label values without number.
   */
  String label() {
    return isConfigured() ? model : "other";
  }
}
