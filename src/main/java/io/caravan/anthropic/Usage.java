package io.caravan.anthropic;

/**
 * The tokens of a message in Anthropic's partition: {@code inputTokens} doesn't include those from
 * a cache.
 *
 * @param thinkingTokens the part of the output that was reasoning; 0 if unknown
 */
public record Usage(
    long inputTokens,
    long outputTokens,
    long cacheReadInputTokens,
    long cacheCreationInputTokens,
    long thinkingTokens) {}
