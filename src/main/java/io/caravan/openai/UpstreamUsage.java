package io.caravan.openai;

/**
 * Tokens as an upstream counts them: the prompt's include the cached ones. -1 where it doesn't say.
 *
 * @param reasoningTokens part of the completion for most; beside it for xAI (told by the total)
 */
public record UpstreamUsage(
    long promptTokens,
    long completionTokens,
    long totalTokens,
    long cachedTokens,
    long cacheWriteTokens,
    long reasoningTokens) {}
