package io.caravan.limits.client;

import java.time.LocalDate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The use of each account on a day, or in the month that begins on it (UTC). An account is named
 * after a client; {@code usd:} before it counts billionths of a dollar in place of tokens, and
 * {@code month:} at the beginning a month in place of a day. Safe for use by several threads. Only
 * {@link #load} and {@link #close} wait, so the others may be called under a lock.
 */
public interface UsageLedger extends AutoCloseable {

  /**
   * Waits until it is known what other replicas have used, where it is not known yet; for a short
   * time only, since they may not be heard of. Not to be called under a lock.
   */
  default void load(String client, LocalDate day) {}

  /** Returns the tokens used, as far as is known. */
  long used(String client, LocalDate day);

  /**
   * Adds tokens. It never fails: tokens that can't be stored now are counted in memory and stored
   * later.
   */
  void add(String client, LocalDate day, long tokens);

  /**
   * Returns whether what has been used and what requests under way may still use fit under a limit.
   * If they do, all replicas that share the ledger count the held tokens from now on. The result
   * comes within a short time and is never a failure.
   *
   * @param held all tokens that this process holds for the client, with the request in question
   */
  default CompletionStage<Boolean> fits(String client, LocalDate day, long held, long limit) {
    return CompletableFuture.completedFuture(used(client, day) + held <= limit);
  }

  /** Sets the tokens that this process holds for the client's requests under way. */
  default void hold(String client, LocalDate day, long held) {}

  @Override
  void close();
}
