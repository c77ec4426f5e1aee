package io.caravan.limits.client;

import java.time.LocalDate;

/**
 * What each account has used on a day, or in the month that begins on it (UTC). An account is named
 * after a client; {@code usd:} before it counts billionths of a dollar in place of tokens, and
 * {@code month:} at the beginning a month in place of a day. Safe for use by several threads.
 */
public interface UsageLedger extends AutoCloseable {

  /** Returns the tokens used, as far as is known. */
  long used(String client, LocalDate day);

  /**
   * Adds tokens. It never fails: tokens that can't be stored now are counted in memory and stored
   * later.
   */
  void add(String client, LocalDate day, long tokens);

  /**
   * Returns whether what has been used and what requests under way may still use fit under a limit.
   * If they do, all replicas that share the ledger count the held tokens from now on.
   *
   * @param held all tokens that this process holds for the client, with the request in question
   */
  default boolean fits(String client, LocalDate day, long held, long limit) {
    return used(client, day) + held <= limit;
  }

  /** Sets the tokens that this process holds for the client's requests under way. */
  default void hold(String client, LocalDate day, long held) {}

  @Override
  void close();
}
