package io.caravan.anthropic;

/**
 * The tokens of a message in Anthropic's partition: {@code inputTokens} doesn't include those from
 * a cache.
 *
 * @param thinkingTokens the part of the output that was reasoning; 0 if unknown
 * @param serverTools the uses of tools that the server has run, or null if it has run none
 */
public record Usage(
    long inputTokens,
    long outputTokens,
    long cacheReadInputTokens,
    long cacheCreationInputTokens,
    long thinkingTokens,
    ServerToolUsage serverTools) {
  /** Makes the usage of a message without tools that the server has run. */
  public Usage(
      long inputTokens,
      long outputTokens,
      long cacheReadInputTokens,
      long cacheCreationInputTokens,
      long thinkingTokens) {
    this(
        inputTokens,
        outputTokens,
        cacheReadInputTokens,
        cacheCreationInputTokens,
        thinkingTokens,
        null);
  }

  /** Returns the sum of this and another one. */
  public Usage plus(Usage other) {
    return new Usage(
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        cacheReadInputTokens + other.cacheReadInputTokens,
        cacheCreationInputTokens + other.cacheCreationInputTokens,
        thinkingTokens + other.thinkingTokens,
        serverTools == null ? other.serverTools : serverTools.plus(other.serverTools));
  }

  /** Returns the same tokens with the uses of tools that the server has run; null for none. */
  public Usage with(ServerToolUsage tools) {
    return new Usage(
        inputTokens,
        outputTokens,
        cacheReadInputTokens,
        cacheCreationInputTokens,
        thinkingTokens,
        tools);
  }
}
