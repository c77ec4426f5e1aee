package io.caravan.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * Corrects estimates by the token counts that upstreams report.
 *
 * <p>The same text has another number of tokens in each model's vocabulary, but the ratio hardly
 * changes within a conversation. Corrected by the ratio of its last call, the estimate of the next
 * is off by 0.1 % in the middle and 1.4 % at the 95th percentile; the uncorrected one is off by 5
 * to 20 % (12 interleaved conversations counted with three vocabularies). A conversation's first
 * call uses the moving average of its provider and model.
 *
 * <p>Estimates go in and come out; no request is changed. The raw estimate is always the counter's
 * own number: a corrected one would make the ratio drift to 1. This is a plain bean, safe to use
 * from several threads, with bounded memory. Set its properties before its first use.
 */
public final class Calibration {
  /**
   * The least number of tokens that is learned from. Below it the framing outweighs the text, so
   * that the ratio doesn't hold for other calls.
   */
  static final long MIN_SAMPLE = 500;

  /** The factor over the estimate above which a usage is a mistake of the upstream. */
  static final int MAX_TIMES = 10;

  /** A window that no model exceeds. */
  private static final long ANY_WINDOW = 10_000_000;

  private int maxConversations = 50_000;
  private int maxModels = 1_000;
  private int expiryMinutes = 360;
  private double smoothing = 0.15;
  private volatile Learned learned;

  /** The learned ratios, by conversation and model, and by model. */
  private record Learned(
      Cache<Conversation, Double> conversations, Cache<String, Average> models) {}

  /** A conversation and a model. A conversation has a ratio for each model that it was sent to. */
  private record Conversation(String key, String providerModel) {}

  /** Corrects an estimate for a model without a known first ratio. */
  long correct(long rawEstimate, String conversationKey, String providerModel) {
    return correct(rawEstimate, conversationKey, providerModel, 1);
  }

  /**
   * Returns the estimate, corrected by the best ratio known: the conversation's last, else the
   * model's average, else the given one. The result is rounded up.
   *
   * @param rawEstimate tokens, as a {@link TokenCounter} gave them
   * @param conversationKey the key of the conversation, which includes the tenant; null if unknown
   * @param providerModel the model, for example {@code nim/z-ai/glm-5.3}; null if unknown
   * @param firstRatio the model's tokens for one of the counter's, until a call has taught a better
   *     ratio
   */
  public long correct(
      long rawEstimate, String conversationKey, String providerModel, double firstRatio) {
    Double known = known(conversationKey, providerModel);
    return (long) Math.ceil(rawEstimate * (known != null ? known : Average.clamp(firstRatio)));
  }

  private Double known(String conversationKey, String providerModel) {
    if (providerModel == null) {
      return null;
    }
    Double last =
        conversationKey == null
            ? null
            : learned()
                .conversations
                .getIfPresent(new Conversation(conversationKey, providerModel));
    if (last != null) {
      return last;
    }
    Average average = learned().models.getIfPresent(providerModel);
    return average == null ? null : average.ratio();
  }

  /** Learns from a call to a model whose window isn't known. */
  public void learn(
      long rawEstimate, long actualPromptTokens, String conversationKey, String providerModel) {
    learn(rawEstimate, actualPromptTokens, conversationKey, providerModel, ANY_WINDOW);
  }

  /**
   * Learns from the usage of a call. It ignores numbers that can't be right or are too small to
   * mean anything, and those that are far off the model's other calls.
   *
   * @param rawEstimate tokens, as a {@link TokenCounter} gave them for this call; never corrected
   * @param actualPromptTokens the upstream's {@code prompt_tokens}, with the cached ones
   * @param window the model's context window in tokens
   */
  void learn(
      long rawEstimate,
      long actualPromptTokens,
      String conversationKey,
      String providerModel,
      long window) {
    if (providerModel == null
        || Math.min(rawEstimate, actualPromptTokens) < MIN_SAMPLE
        || !believable(rawEstimate, actualPromptTokens, window)) {
      return;
    }
    double ratio = (double) actualPromptTokens / rawEstimate;
    Average after =
        learned()
            .models
            .asMap()
            .compute(
                providerModel,
                (model, average) ->
                    average == null ? Average.of(ratio) : average.with(ratio, smoothing));
    if (conversationKey != null && after.outliers() == 0) {
      Conversation conversation = new Conversation(conversationKey, providerModel);
      learned().conversations.put(conversation, Average.clamp(ratio));
    }
  }

  /**
   * Returns whether an upstream's number of prompt tokens may be right: it isn't negative, nor over
   * the model's window, nor over ten times the estimate. A gateway that passed on made-up numbers
   * made Claude Code compact its conversation over and over (router-for-me/CLIProxyAPI#6022).
   *
   * @param window the model's context window in tokens
   */
  static boolean believable(long rawEstimate, long actualPromptTokens, long window) {
    return actualPromptTokens >= 0
        && actualPromptTokens <= window
        && actualPromptTokens <= MAX_TIMES * Math.max(rawEstimate, 1);
  }

  private Learned learned() {
    Learned now = learned;
    return now != null ? now : start();
  }

  private synchronized Learned start() {
    if (learned == null) {
      learned =
          new Learned(
              Caffeine.newBuilder()
                  .executor(Runnable::run)
                  .maximumSize(maxConversations)
                  .expireAfterAccess(Duration.ofMinutes(expiryMinutes))
                  .build(),
              Caffeine.newBuilder().executor(Runnable::run).maximumSize(maxModels).build());
    }
    return learned;
  }

  public int getMaxConversations() {
    return maxConversations;
  }

  /**
   * Sets the number of conversations that are remembered, at about 300 bytes each; 50,000 by
   * default.
   */
  public void setMaxConversations(int maxConversations) {
    this.maxConversations = Numbers.atLeast(0, maxConversations, "maxConversations");
  }

  public int getMaxModels() {
    return maxModels;
  }

  /** Sets the number of models that are remembered; 1,000 by default. */
  public void setMaxModels(int maxModels) {
    this.maxModels = Numbers.atLeast(0, maxModels, "maxModels");
  }

  public int getExpiryMinutes() {
    return expiryMinutes;
  }

  /** Sets the minutes for which a conversation is remembered after its last use; 360 by default. */
  public void setExpiryMinutes(int expiryMinutes) {
    this.expiryMinutes = Numbers.atLeast(1, expiryMinutes, "expiryMinutes");
  }

  public double getSmoothing() {
    return smoothing;
  }

  /**
   * Sets the weight of a new sample in a model's moving average, over 0 and at most 1; 0.15 by
   * default.
   */
  public void setSmoothing(double smoothing) {
    if (!(smoothing > 0 && smoothing <= 1)) {
      throw new IllegalArgumentException("smoothing is " + smoothing + ", not over 0 and up to 1");
    }
    this.smoothing = smoothing;
  }
}
