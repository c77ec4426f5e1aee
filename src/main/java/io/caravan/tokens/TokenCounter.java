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
   * Loads the data for counting, while the routes are still made: the first request needs it. It
   * takes some tenths of a second; a second call does nothing.
   */
  default void load() {}

  /**
   * Counts texts like those of requests, so that the JVM has compiled the counting before a large
   * request comes. It takes some tenths of a second; a second call does nothing.
   */
  default void warmUp() {}
}
