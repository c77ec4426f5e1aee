package io.caravan.limits.client;

import java.time.Duration;

/**
 * How much a client has left of what its key allows, for the {@code anthropic-ratelimit-*} headers.
 *
 * @param requests requests a minute; null where they are not limited
 * @param tokens tokens a minute or a day, whichever leaves less; null where neither is limited
 */
public record RateLimitStatus(Limit requests, Limit tokens) {

  /**
   * One limit.
   *
   * @param limit what may be used
   * @param remaining what is left of it now
   * @param reset how long until all of it is there again
   */
  public record Limit(long limit, long remaining, Duration reset) {}
}
