package io.caravan.models;

import io.caravan.provider.ModelCard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A model of a provider, and how well it suits an agent such as Claude Code: it calls tools, its
 * window holds a session, and its first token comes soon, in this order.
 *
 * @param id the upstream's name of the model
 * @param card the model's card, or null if there is none
 * @param preference the place among the models that are preferred where nothing was measured
 */
public record ModelRank(String id, ModelCard card, int preference) {
  /** The tokens that a session of Claude Code needs. */
  private static final int ENOUGH = 128_000;

  /** Orders models from the best to the worst. */
  public static final Comparator<ModelRank> BEST_FIRST =
      Comparator.comparing((ModelRank model) -> !model.isMeasured())
          .thenComparing(model -> model.window() < ENOUGH)
          .thenComparing(ModelRank::firstToken)
          .thenComparing(ModelRank::preference)
          .thenComparing(model -> model.card == null)
          .thenComparing(model -> -model.window())
          .thenComparing(ModelRank::id);

  /** Returns whether the model was tried and works: its card then has the time. */
  private boolean isMeasured() {
    return card != null && card.getFirstTokenMillis() != null;
  }

  /** Returns whether the model may be chosen for an agent. */
  boolean callsTools() {
    return card == null || !Boolean.FALSE.equals(card.getTools());
  }

  private int window() {
    return card == null || card.getContextWindow() == null ? 0 : card.getContextWindow();
  }

  private int firstToken() {
    return isMeasured() ? card.getFirstTokenMillis() : Integer.MAX_VALUE;
  }

  /** Returns the facts for which the model has its place, in one line. */
  public String reason() {
    List<String> facts = new ArrayList<>();
    facts.add(isMeasured() ? "calls tools" : "not tried by scout");
    facts.add(window() == 0 ? "window unknown" : "window " + window());
    if (isMeasured()) {
      facts.add("first token " + firstToken() + " ms");
    }
    return String.join(", ", facts);
  }
}
