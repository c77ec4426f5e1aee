package io.caravan.exchange;

import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;

/**
 * Who answers a request.
 *
 * @param requested as the client named the model; the answer carries this name
 * @param provider the provider
 * @param model as the provider names it
 * @param card what is known of the model, or null
 */
public record ModelChoice(String requested, Provider provider, String model, ModelCard card) {
  /** Stands before a full name in the ids that {@code /v1/models} lists. */
  public static final String ALIAS = "claude/";

  /** The name without the alias of {@code /v1/models}. */
  public static String plain(String requested) {
    return requested.startsWith(ALIAS) ? requested.substring(ALIAS.length()) : requested;
  }

  /** The full name, {@code provider/model}. */
  public String fullName() {
    return provider.getName() + "/" + model;
  }

  /** Whether it stands in the configuration; clients may name any other model too. */
  public boolean isConfigured() {
    return card != null || !plain(requested).equals(fullName());
  }

  /**
   * The model in metrics: names that clients make up must not become label values without number.
   */
  public String label() {
    return isConfigured() ? model : "other";
  }
}
