package io.caravan.limits.client;

import java.time.LocalDate;

/** The tokens that each client has used on a day (UTC). Safe for use by several threads. */
public interface UsageLedger extends AutoCloseable {

  /** Returns the tokens used, as far as is known. */
  long used(String client, LocalDate day);

  /**
   * Adds tokens. It never fails: tokens that can't be stored now are counted in memory and stored
   * later.
   */
  void add(String client, LocalDate day, long tokens);

  @Override
  void close();
}
