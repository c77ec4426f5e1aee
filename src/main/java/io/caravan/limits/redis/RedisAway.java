package io.caravan.limits.redis;

/** Redis did not answer. */
final class RedisAway extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean sent;

  /**
   * @param sent whether the command may have reached Redis, and been done there
   */
  RedisAway(String what, boolean sent) {
    super(what, null, false, false);
    this.sent = sent;
  }

  boolean sent() {
    return sent;
  }
}
