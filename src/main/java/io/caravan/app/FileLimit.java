package io.caravan.app;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the number of files that the process may open. A connection is a file, and so is that to
 * its upstream; without one left, no client can connect, and no probe either.
 */
final class FileLimit {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  /** The files of the JVM itself, of the jar and of the logs. */
  private static final int OWN_FILES = 200;

  private FileLimit() {}

  /** Warns if the limit of the system is below what the limit of connections needs. */
  static void check(int connections) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      String warning = warning(system.getMaxFileDescriptorCount(), connections);
      if (warning != null) {
        LOG.warn(warning);
      }
    }
  }

  /** Returns the warning, or null if the limit is enough. */
  static String warning(long files, int connections) {
    // Not every connection has a call upstream at the same time.
    long needed = (long) connections + connections / 2 + OWN_FILES;
    if (files < 0 || files >= needed) {
      return null;
    }
    return "This process may open "
        + files
        + " files, and "
        + connections
        + " connections of clients (caravan.max-connections) need "
        + needed
        + ": raise the limit (ulimit -n, LimitNOFILE of systemd, --ulimit nofile of Docker) or set"
        + " caravan.max-connections to "
        + Math.max(1, (files - OWN_FILES) * 2 / 3);
  }
}
