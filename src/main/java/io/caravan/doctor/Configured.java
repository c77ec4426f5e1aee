package io.caravan.doctor;

import org.apache.camel.main.Main;

/** Makes a Camel that is configured with settings and routes, and not started. */
@FunctionalInterface
public interface Configured {
  /**
   * Returns a new one each time.
   *
   * @throws Exception if the files can't be read or may not be loaded
   */
  Main get() throws Exception;
}
