package io.caravan.exchange;

import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;

/**
 * The provider and the model for a request.
 *
 * @param requested the client's name for the model, which the response repeats
 * @param provider the provider
 * @param model the provider's name for the model
 * @param card the model's card, or null if there is none
 */
public record ModelChoice(String requested, Provider provider, String model, ModelCard card) {
  /** The prefix of a full name in the ids of {@code /v1/models}. */
  public static final String ALIAS = "claude/";

  /** Returns a client's name for a model without the prefix of {@code /v1/models}. */
  public static String plain(String requested) {
    return requested.startsWith(ALIAS) ? requested.substring(ALIAS.length()) : requested;
  }

  /** Returns the full name, {@code provider/model}. */
  public String fullName() {
    return provider.getName() + "/" + model;
  }

  /** Returns whether the model is configured; clients may name other models too. */
  public boolean isConfigured() {
    return card != null || !plain(requested).equals(fullName());
  }

  /**
   * Returns the model's label in metrics: {@code other} for a model that is not configured, so that
   * clients can't create label values without limit.
   */
  public String label() {
    return isConfigured() ? model : "other";
  }
}
