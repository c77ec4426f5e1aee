package io.caravan.translate.error;

import java.time.Instant;

/**
 * The facts about a call that are known when it fails.
 *
 * @param provider the provider's name, for the message
 * @param model the model's name for the client
 * @param keySetting the setting of the provider's key, for example {@code NVIDIA_API_KEY}; or null
 * @param tokens the sizes of the request and of its model
 * @param pause the pause that the response asks for
 * @param passThrough whether the upstream serves Anthropic's protocol: its words need no frame
 * @param quotesClient whether the error repeats words of the client, which may say anything
 * @param upstream where the upstream is called
 */
public record FailureContext(
    String provider,
    String model,
    String keySetting,
    Tokens tokens,
    Pause pause,
    boolean passThrough,
    boolean quotesClient,
    UpstreamFacts upstream) {
  /**
   * Sizes in tokens.
   *
   * @param window the model's context window; 0 if unknown
   * @param input the prompt as counted here; 0 if it wasn't counted
   * @param max the {@code max_tokens} that was sent; 0 if none was
   * @param clientMax the client's own value, of which less may have been sent; 0 for none
   */
  public record Tokens(long window, long input, long max, long clientMax) {
    private static final Tokens UNKNOWN = new Tokens(0, 0, 0, 0);
  }

  /**
   * The header {@code retry-after} of the response.
   *
   * @param after the header, or null
   * @param now the time of the response, for a header that is a date
   */
  public record Pause(String after, Instant now) {}

  /** Returns the context of a call about which nothing else is known. */
  public static FailureContext of(String provider, String model) {
    Pause none = new Pause(null, Instant.now());
    return new FailureContext(
        provider, model, null, Tokens.UNKNOWN, none, false, false, UpstreamFacts.UNKNOWN);
  }

  /** Returns a copy with the setting of the provider's key. */
  public FailureContext keySetting(String setting) {
    return new FailureContext(
        provider, model, setting, tokens, pause, passThrough, quotesClient, upstream);
  }

  /** Returns a copy with the sizes in tokens; 0 for an unknown one. */
  public FailureContext sizes(long window, long input, long output) {
    return tokens(new Tokens(window, input, output, output));
  }

  /** Returns a copy for a call that was sent with another limit than the client's. */
  public FailureContext sentMaxTokens(long sent) {
    return tokens(new Tokens(tokens.window, tokens.input, sent, tokens.clientMax));
  }

  private FailureContext tokens(Tokens sizes) {
    return new FailureContext(
        provider, model, keySetting, sizes, pause, passThrough, quotesClient, upstream);
  }

  /** Returns a copy with the response's header {@code retry-after}, or null, and its time. */
  public FailureContext retryAfter(String header, Instant at) {
    Pause asked = new Pause(header, at);
    return new FailureContext(
        provider, model, keySetting, tokens, asked, passThrough, quotesClient, upstream);
  }

  /** Returns a copy for an upstream that serves Anthropic's protocol, or for one that doesn't. */
  public FailureContext passThrough(boolean anthropic) {
    return new FailureContext(
        provider, model, keySetting, tokens, pause, anthropic, quotesClient, upstream);
  }

  /** Returns a copy for an error that repeats words of the client, or for one that doesn't. */
  public FailureContext quotesClient(boolean quotes) {
    return new FailureContext(
        provider, model, keySetting, tokens, pause, passThrough, quotes, upstream);
  }

  /** Returns a copy with the place at which the upstream is called. */
  public FailureContext upstream(UpstreamFacts facts) {
    return new FailureContext(
        provider, model, keySetting, tokens, pause, passThrough, quotesClient, facts);
  }
}
