package io.caravan.exchange;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.limits.client.Client;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The provider and the model for a request.
 *
 * @param requested the client's name for the model, which the response repeats
 * @param provider the provider
 * @param model the provider's name for the model
 * @param card the model's card, or null if there is none
 * @param modelClass the id of the class of models that the name stands for, as {@code claude-opus};
 *     null if the client named the provider's model in full
 * @param auto the facts for which the model was chosen, if its name stands for the best model of a
 *     provider; else null
 */
public record ModelChoice(
    String requested,
    Provider provider,
    String model,
    ModelCard card,
    String modelClass,
    String auto) {
  /** The header of the response with the model that was chosen for {@code provider/auto}. */
  private static final String AUTO_HEADER = "caravan-auto";

  /** The prefix of a full name in the ids of {@code /v1/models}. */
  public static final String ALIAS = "claude/";

  /** Makes the choice of a model that the client named in full. */
  public ModelChoice(String requested, Provider provider, String model, ModelCard card) {
    this(requested, provider, model, card, null, null);
  }

  /** Returns the same choice for a name that stands for a class of models. */
  public ModelChoice ofClass(String id) {
    return new ModelChoice(requested, provider, model, card, id, auto);
  }

  /** Returns the same choice under the name that the client asked for. */
  public ModelChoice requestedAs(String name) {
    return new ModelChoice(name, provider, model, card, modelClass, auto);
  }

  /** Returns the same choice, made for the given facts. */
  public ModelChoice because(String facts) {
    return new ModelChoice(requested, provider, model, card, modelClass, facts);
  }

  /** Reports in a response's headers which model was chosen, and why, if that was not named. */
  public void report(Map<String, String> headers) {
    if (auto == null) {
      headers.remove(AUTO_HEADER);
    } else {
      headers.put(AUTO_HEADER, fullName() + " (" + auto + ")");
    }
  }

  /**
   * The client's own mark behind a name, for the size of the window that it assumes: {@code [1m]}.
   * Claude Code takes it off most requests, not all (decolua/9router#2531, Wei-Shaw/sub2api#4505).
   */
  private static final Pattern WINDOW =
      Pattern.compile("(?:\\s*+\\[\\d++(?:\\.\\d++)?+[km]])++\\s*+$", Pattern.CASE_INSENSITIVE);

  /**
   * Returns a client's name for a model without the prefix of {@code /v1/models} and without the
   * client's mark of a window.
   */
  public static String plain(String requested) {
    String name = requested.startsWith(ALIAS) ? requested.substring(ALIAS.length()) : requested;
    return name.endsWith("]") || name.endsWith(" ") ? WINDOW.matcher(name).replaceFirst("") : name;
  }

  /** Returns the full name, {@code provider/model}. */
  public String fullName() {
    return provider.getName() + "/" + model;
  }

  /**
   * Returns whether a client key allows the model: by its class, in which case the model is the
   * operator's choice, or by its full name. The client's own name for it decides nothing.
   */
  public boolean isAllowedFor(Client key) {
    return key.models().isEmpty()
        || (modelClass != null && key.allows(modelClass))
        || key.allows(fullName());
  }

  /**
   * Checks that a client key allows the model.
   *
   * @throws AnthropicException permission_error if it doesn't
   */
  public void checkAllowedFor(Client key) {
    if (!isAllowedFor(key)) {
      throw new AnthropicException(
          ErrorType.PERMISSION,
          ErrorType.PERMISSION.status(),
          "Your API key does not have permission to use the model " + requested + ".",
          null,
          false,
          null);
    }
  }

  /**
   * Returns whether the model is configured or listed by its upstream; clients may name other
   * models too, also such that a family's card is for.
   */
  public boolean isConfigured() {
    return (card != null && card.isOf(model)) || !plain(requested).equals(fullName());
  }

  /**
   * Returns the model's label in metrics: {@code other} for a model that is not configured, so that
   * clients can't create label values without limit.
   */
  public String label() {
    return isConfigured() ? model : "other";
  }
}
