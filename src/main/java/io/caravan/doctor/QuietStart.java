package io.caravan.doctor;

import java.util.Properties;

/** The settings that start an application as it is configured, without serving requests. */
public final class QuietStart {
  private QuietStart() {}

  /** Returns the settings, to be completed and set as Camel's overrides. */
  public static Properties quiet() {
    Properties properties = new Properties();
    properties.put("camel.server.host", "127.0.0.1");
    properties.put("camel.server.port", "0");
    properties.put("camel.management.enabled", "false");
    properties.put("camel.main.routesReloadEnabled", "false");
    properties.put("caravan.models.list", "false");
    properties.put("caravan.exit-on-fault", "false");
    properties.put("caravan.serving", "false");
    return properties;
  }
}
