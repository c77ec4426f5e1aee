package io.caravan.translate.response;

import io.caravan.anthropic.Usage;
import io.caravan.openai.UpstreamUsage;

/**
 * Maps an upstream's count of tokens to Anthropic's partition.
 *
 * <p>OpenAI counts cached tokens inside the prompt, Anthropic beside it (Helicone/helicone#5652). A
 * server that reports more cached than prompt tokens counts as Anthropic does. xAI counts reasoning
 * beside the completion, all others inside: the total shows it.
 */
final class UsageMapping {
  /**
   * A number of tokens that no model reaches; one upstream reported 675,947,905
   * (router-for-me/CLIProxyAPI#6022).
   */
  static final long IMPOSSIBLE = 50_000_000;

  /**
   * The least estimate that is compared. A small prompt may well be ten times its estimate: chat
   * templates add hundreds of tokens.
   */
  private static final long LEAST_ESTIMATE = 500;

  private static final int TOO_MANY_TIMES = 10;

  private UsageMapping() {}

  /** Returns whether a prompt's size can be right. An estimate or window of 0 isn't compared. */
  static boolean believablePrompt(UpstreamUsage usage, long estimate, long contextWindow) {
    long prompt = prompt(usage);
    return prompt > 0
        && prompt < IMPOSSIBLE
        && (contextWindow <= 0 || prompt <= contextWindow)
        && (estimate <= 0 || prompt <= TOO_MANY_TIMES * Math.max(estimate, LEAST_ESTIMATE));
  }

  /** Returns whether a completion's size can be right. A missing number doesn't mean 0. */
  static boolean believableCompletion(UpstreamUsage usage, long contextWindow, boolean hasContent) {
    long completion = completion(usage);
    return completion >= (hasContent ? 1 : 0)
        && completion < IMPOSSIBLE
        && (contextWindow <= 0 || completion <= contextWindow);
  }

  /**
   * @param input the tokens of the prompt if the upstream's own aren't believable, else -1
   * @param output the tokens of the completion if the upstream's own aren't believable, else -1
   */
  static Usage map(UpstreamUsage usage, long input, long output) {
    long cacheRead = 0;
    long cacheCreation = 0;
    long inputTokens = input;
    if (input < 0) {
      inputTokens = prompt(usage);
      cacheRead = Math.max(0, usage.cachedTokens());
      cacheCreation = Math.max(0, usage.cacheWriteTokens());
      if (cacheRead <= inputTokens) {
        inputTokens -= cacheRead;
      }
      if (cacheCreation <= inputTokens) {
        inputTokens -= cacheCreation;
      }
    }
    long outputTokens = output < 0 ? completion(usage) : output;
    long thinking =
        usage == null ? 0 : Math.min(outputTokens, Math.max(0, usage.reasoningTokens()));
    return new Usage(inputTokens, outputTokens, cacheRead, cacheCreation, thinking);
  }

  private static long prompt(UpstreamUsage usage) {
    if (usage.promptTokens() >= 0) {
      return usage.promptTokens();
    }
    return usage.totalTokens() >= 0 && usage.completionTokens() >= 0
        ? usage.totalTokens() - usage.completionTokens()
        : -1;
  }

  private static long completion(UpstreamUsage usage) {
    long completion = usage.completionTokens();
    if (completion < 0) {
      return usage.totalTokens() >= 0 && usage.promptTokens() >= 0
          ? usage.totalTokens() - usage.promptTokens()
          : -1;
    }
    boolean beside =
        usage.reasoningTokens() > 0
            && usage.totalTokens() == usage.promptTokens() + completion + usage.reasoningTokens();
    return beside ? completion + usage.reasoningTokens() : completion;
  }
}
