package io.caravan.doctor;

import org.apache.camel.main.Main;

/** Makes an application that is configured with settings and routes and not started. */
@FunctionalInterface
public interface Configured {
  /**
   * Returns a new application.
   *
   * @throws Exception if the files can't be read or may not be loaded
   */
  Main get() throws Exception;
}
