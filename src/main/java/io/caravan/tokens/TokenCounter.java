package io.caravan.tokens;

import io.caravan.anthropic.MessagesRequest;

/** Counts the input tokens of a request. */
public interface TokenCounter {
  /**
   * Counts the input tokens as Anthropic's API would: an estimate.
   *
   * @param tenant who asks; counts kept from one are not used for another, so that no one learns by
   *     timing what texts another has sent. The empty string where there are no client keys
   */
  long count(MessagesRequest request, String tenant);

  /**
   * Loads what counting needs and runs it once, so that the first request doesn't pay for it. Takes
   * up to a second; may be called again and then does nothing.
   */
  default void warmUp() {}
}
