package io.caravan.openai;

/**
 * Tokens as an upstream counts them; those of the prompt include the cached ones. A number is -1 if
 * the upstream doesn't report it.
 *
 * @param reasoningTokens part of the completion for most upstreams, but not for xAI (the total
 *     shows it)
 */
public record UpstreamUsage(
    long promptTokens,
    long completionTokens,
    long totalTokens,
    long cachedTokens,
    long cacheWriteTokens,
    long reasoningTokens) {}
