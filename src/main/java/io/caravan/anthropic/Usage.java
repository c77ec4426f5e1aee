package io.caravan.anthropic;

/**
 * Tokens of a message, in Anthropic's partition: {@code inputTokens} leaves out what came from a
 * cache.
 *
 * @param thinkingTokens the part of the output that was reasoning; 0 where it isn't known
 */
public record Usage(
    long inputTokens,
    long outputTokens,
    long cacheReadInputTokens,
    long cacheCreationInputTokens,
    long thinkingTokens) {}
