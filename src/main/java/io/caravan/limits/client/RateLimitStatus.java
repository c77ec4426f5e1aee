package io.caravan.limits.client;

import java.time.Duration;

/**
 * The status of a client's limits, for the {@code anthropic-ratelimit-*} headers.
 *
 * @param requests requests a minute; null where they are not limited
 * @param tokens tokens a minute or a day, whichever leaves less; null where neither is limited
 */
public record RateLimitStatus(Limit requests, Limit tokens) {

  /**
   * The status of one limit.
   *
   * @param limit the limit itself
   * @param remaining the part of it that is left now
   * @param reset the time until all of it is available again
   */
  public record Limit(long limit, long remaining, Duration reset) {}
}
