package io.caravan.limits.client;

import java.time.LocalDate;
import java.util.concurrent.locks.ReentrantLock;

/** The usage ledger of a process that stores none: with the process its charges are gone. */
public final class MemoryLedger implements UsageLedger {
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
