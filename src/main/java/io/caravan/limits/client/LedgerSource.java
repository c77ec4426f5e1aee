package io.caravan.limits.client;

import java.nio.file.Path;

/** Makes the ledger of clients' usage: one of this process, or one that replicas share. */
public interface LedgerSource {
  /** The source of ledgers of this process alone: in a file, or in memory if the name is blank. */
  LedgerSource LOCAL = file -> file.isBlank() ? new MemoryLedger() : new FileLedger(Path.of(file));

  /**
   * Makes a ledger.
   *
   * @param file the name of the file that keeps an unshared ledger; blank for none
   */
  UsageLedger ledger(String file);
}
