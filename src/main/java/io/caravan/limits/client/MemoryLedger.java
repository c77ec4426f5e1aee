package io.caravan.limits.client;

import java.time.LocalDate;
import java.util.concurrent.locks.ReentrantLock;

/** The usage ledger in memory; its charges are lost with the process. */
final class MemoryLedger implements UsageLedger {
  private final ReentrantLock lock = new ReentrantLock();
  private final DailyUsage usage = new DailyUsage();

  @Override
  public long used(String client, LocalDate day) {
    lock.lock();
    try {
      return usage.get(day, client);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void add(String client, LocalDate day, long tokens) {
    lock.lock();
    try {
      usage.add(day, client, tokens);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {}
}
