package io.caravan.translate.error;

import java.time.Instant;

/**
 * What was known of a call when it failed.
 *
 * @param provider its name, for the message
 * @param model as the client is to read it
 * @param keySetting where the provider's key is set, for example {@code NVIDIA_API_KEY}; or null
 * @param contextWindow the model's, in tokens; 0 where it isn't known
 * @param estimatedInput tokens of the prompt as counted here; 0 where they weren't
 * @param maxTokens as it was sent; 0 where it wasn't
 * @param retryAfter the answer's header, or null
 * @param passThrough whether the upstream speaks Anthropic's protocol: its words need no frame
 * @param now for a {@code retry-after} that is a date
 */
public record FailureContext(
    String provider,
    String model,
    String keySetting,
    long contextWindow,
    long estimatedInput,
    long maxTokens,
    String retryAfter,
    boolean passThrough,
    Instant now) {
  /** A call of which no more is known. */
  public static FailureContext of(String provider, String model) {
    return new FailureContext(provider, model, null, 0, 0, 0, null, false, Instant.now());
  }

  /** With where the provider's key is set. */
  public FailureContext keySetting(String setting) {
    return new FailureContext(
        provider,
        model,
        setting,
        contextWindow,
        estimatedInput,
        maxTokens,
        retryAfter,
        passThrough,
        now);
  }

  /** With what is known of sizes, in tokens; 0 for what isn't. */
  public FailureContext sizes(long window, long input, long output) {
    return new FailureContext(
        provider, model, keySetting, window, input, output, retryAfter, passThrough, now);
  }

  /** With the answer's header {@code retry-after}, or null, and when it came. */
  public FailureContext retryAfter(String header, Instant at) {
    return new FailureContext(
        provider,
        model,
        keySetting,
        contextWindow,
        estimatedInput,
        maxTokens,
        header,
        passThrough,
        at);
  }

  /** For an upstream that speaks Anthropic's protocol. */
  public FailureContext passThrough(boolean anthropic) {
    return new FailureContext(
        provider,
        model,
        keySetting,
        contextWindow,
        estimatedInput,
        maxTokens,
        retryAfter,
        anthropic,
        now);
  }
}
