package io.caravan.translate.error;

import java.time.Instant;

/**
 * The facts about a call that are known when it fails.
 *
 * @param provider the provider's name, for the message
 * @param model the model's name for the client
 * @param keySetting the setting of the provider's key, for example {@code NVIDIA_API_KEY}; or null
 * @param contextWindow the model's context window in tokens; 0 if unknown
 * @param estimatedInput the tokens of the prompt as counted here; 0 if they weren't counted
 * @param maxTokens the value that was sent; 0 if none was
 * @param clientMaxTokens the client's own value, of which less may have been sent; 0 for none
 * @param retryAfter the response's header, or null
 * @param passThrough whether the upstream serves Anthropic's protocol: its words need no frame
 * @param quotesClient whether the error repeats words of the client, which may say anything
 * @param now the time of the response, for a {@code retry-after} that is a date
 * @param upstream where the upstream is called
 */
public record FailureContext(
    String provider,
    String model,
    String keySetting,
    long contextWindow,
    long estimatedInput,
    long maxTokens,
    long clientMaxTokens,
    String retryAfter,
    boolean passThrough,
    boolean quotesClient,
    Instant now,
    UpstreamFacts upstream) {
  /** Returns the context of a call about which nothing else is known. */
  public static FailureContext of(String provider, String model) {
    return new FailureContext(
        provider,
        model,
        null,
        0,
        0,
        0,
        0,
        null,
        false,
        false,
        Instant.now(),
        UpstreamFacts.UNKNOWN);
  }

  /** Returns a copy with the setting of the provider's key. */
  public FailureContext keySetting(String setting) {
    return new FailureContext(
        provider,
        model,
        setting,
        contextWindow,
        estimatedInput,
        maxTokens,
        clientMaxTokens,
        retryAfter,
        passThrough,
        quotesClient,
        now,
        upstream);
  }

  /** Returns a copy with the sizes in tokens; 0 for an unknown one. */
  public FailureContext sizes(long window, long input, long output) {
    return new FailureContext(
        provider,
        model,
        keySetting,
        window,
        input,
        output,
        output,
        retryAfter,
        passThrough,
        quotesClient,
        now,
        upstream);
  }

  /** Returns a copy for a call that was sent with another limit than the client's. */
  public FailureContext sentMaxTokens(long sent) {
    return new FailureContext(
        provider,
        model,
        keySetting,
        contextWindow,
        estimatedInput,
        sent,
        clientMaxTokens,
        retryAfter,
        passThrough,
        quotesClient,
        now,
        upstream);
  }

  /** Returns a copy with the response's header {@code retry-after}, or null, and its time. */
  public FailureContext retryAfter(String header, Instant at) {
    return new FailureContext(
        provider,
        model,
        keySetting,
        contextWindow,
        estimatedInput,
        maxTokens,
        clientMaxTokens,
        header,
        passThrough,
        quotesClient,
        at,
        upstream);
  }

  /** Returns a copy for an upstream that serves Anthropic's protocol, or for one that doesn't. */
  public FailureContext passThrough(boolean anthropic) {
    return new FailureContext(
        provider,
        model,
        keySetting,
        contextWindow,
        estimatedInput,
        maxTokens,
        clientMaxTokens,
        retryAfter,
        anthropic,
        quotesClient,
        now,
        upstream);
  }

  /** Returns a copy for an error that repeats words of the client, or for one that doesn't. */
  public FailureContext quotesClient(boolean quotes) {
    return new FailureContext(
        provider,
        model,
        keySetting,
        contextWindow,
        estimatedInput,
        maxTokens,
        clientMaxTokens,
        retryAfter,
        passThrough,
        quotes,
        now,
        upstream);
  }

  /** Returns a copy with the place at which the upstream is called. */
  public FailureContext upstream(UpstreamFacts facts) {
    return new FailureContext(
        provider,
        model,
        keySetting,
        contextWindow,
        estimatedInput,
        maxTokens,
        clientMaxTokens,
        retryAfter,
        passThrough,
        quotesClient,
        now,
        facts);
  }
}
