package io.caravan.tokens;

import io.caravan.anthropic.MessagesRequest;

/** Counts the input tokens of a request. */
public interface TokenCounter {
  /**
   * Estimates the input tokens as Anthropic's API would count them.
   *
   * @param tenant the client that asks, or the empty string if there are no client keys. Counts
   *     kept for one are not used for another, so that nobody learns by timing which texts another
   *     has sent.
   */
  long count(MessagesRequest request, String tenant);

  /**
   * Loads the data for counting and runs it once, so that the first request doesn't pay for it. It
   * takes up to a second; a second call does nothing.
   */
  default void warmUp() {}
}
