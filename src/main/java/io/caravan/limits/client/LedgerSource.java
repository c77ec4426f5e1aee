package io.caravan.limits.client;

import java.nio.file.Path;

/** Makes the ledger of what clients have used: one of this process, or one that replicas share. */
public interface LedgerSource {
  /** Ledgers of this process alone: in the file, or in memory where the name is blank. */
  LedgerSource LOCAL = file -> file.isBlank() ? new MemoryLedger() : new FileLedger(Path.of(file));

  /**
   * Makes a ledger.
   *
   * @param file name of the file that keeps it where nothing is shared; blank for none
   */
  UsageLedger ledger(String file);
}
