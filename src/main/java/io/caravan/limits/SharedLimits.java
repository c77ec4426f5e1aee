package io.caravan.limits;

import java.nio.file.Path;

/** Stub. */
public final class SharedLimits {
  SharedWindow window(String name, int limit, long window, Time time) {
    return new LocalWindow(limit, window, time);
  }

  UsageLedger ledger(String file) {
    return file.isBlank() ? new MemoryLedger() : new FileLedger(Path.of(file));
  }
}
