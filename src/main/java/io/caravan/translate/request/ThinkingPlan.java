package io.caravan.translate.request;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.ThinkingOption;
import io.caravan.provider.Dialect;
import io.caravan.provider.ReasoningSwitch;

/**
 * The decision whether and how hard the model should think.
 *
 * @param effort the upstream's name for it, or null to leave it to the model
 * @param budget the tokens, or null if the client gave none
 */
record ThinkingPlan(boolean on, boolean adaptive, String effort, Integer budget) {

  /**
   * @param forced whether a tool call is forced
   * @param maxTokens the limit of the whole completion, or null
   */
  static ThinkingPlan of(
      MessagesRequest request, Dialect dialect, boolean forced, Integer maxTokens, Losses losses) {
    ThinkingOption option = request.thinking();
    boolean on = option.wanted();
    if (on && forced && dialect.forcedToolNeedsNoThinking()) {
      losses.add(Loss.THINKING_OPTION);
      on = false;
    }
    boolean enabled = option.kind() == ThinkingOption.Kind.ENABLED;
    if (enabled && dialect.reasoning() == ReasoningSwitch.NONE) {
      losses.add(Loss.THINKING_OPTION);
    }
    if (request.effort() != null && dialect.efforts().isEmpty()) {
      losses.add(Loss.EFFORT);
    }
    Integer budget = enabled ? option.budgetTokens() : null;
    String effort = on ? effort(request, dialect, budget) : effortWithoutThinking(request, dialect);
    return new ThinkingPlan(on, !enabled, effort, within(budget, maxTokens));
  }

  /**
   * Returns a budget within the limit. Otherwise a lowered limit could leave no tokens for the
   * answer.
   */
  private static Integer within(Integer budget, Integer maxTokens) {
    boolean fits = budget == null || maxTokens == null || budget < maxTokens;
    return fits ? budget : Integer.valueOf(Math.max(1, maxTokens / 2));
  }

  private static String effort(MessagesRequest request, Dialect dialect, Integer budget) {
    if (request.effort() != null) {
      return dialect.efforts().of(request.effort());
    }
    return budget == null ? null : dialect.efforts().of(effortOf(budget));
  }

  /** Returns the effort of a model that can't be told not to think. It is told to think little. */
  private static String effortWithoutThinking(MessagesRequest request, Dialect dialect) {
    if (dialect.efforts().hasNone() || request.effort() == null) {
      return dialect.efforts().least();
    }
    return dialect.efforts().of(request.effort());
  }

  /**
   * Returns the effort of a budget, by the thresholds that other gateways use (alibaba/higress,
   * claude_to_openai.go).
   */
  private static String effortOf(int budget) {
    if (budget < 4096) {
      return "low";
    }
    return budget < 16384 ? "medium" : "high";
  }
}
