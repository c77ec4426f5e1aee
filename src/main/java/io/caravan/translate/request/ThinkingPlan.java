package io.caravan.translate.request;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.ThinkingOption;
import io.caravan.provider.Dialect;
import io.caravan.provider.ReasoningSwitch;

/**
 * Whether and how hard the model is to think.
 *
 * @param effort as the upstream calls it, or null to leave it to the model
 * @param budget tokens, or null where the client gave none
 */
record ThinkingPlan(boolean on, boolean adaptive, String effort, Integer budget) {

  /**
   * @param forced whether a tool call is forced
   * @param maxTokens what the answer may have in all, or null
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

  /** A budget that is all of the answer, after that was capped, leaves nothing to answer with. */
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

  /** Where the model can't be told not to think, it is told to think little. */
  private static String effortWithoutThinking(MessagesRequest request, Dialect dialect) {
    if (dialect.efforts().hasNone() || request.effort() == null) {
      return dialect.efforts().least();
    }
    return dialect.efforts().of(request.effort());
  }

  /** The thresholds that other gateways use (alibaba/higress, claude_to_openai.go). */
  private static String effortOf(int budget) {
    if (budget < 4096) {
      return "low";
    }
    return budget < 16384 ? "medium" : "high";
  }
}
