package io.caravan.limits.redis;

/** Thrown if Redis did not answer. */
final class RedisUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean sent;

  /**
   * Makes an exception.
   *
   * @param sent true if the command may have reached Redis and have been run there
   */
  RedisUnavailable(String what, boolean sent) {
    super(what, null, false, false);
    this.sent = sent;
  }

  boolean sent() {
    return sent;
  }
}
