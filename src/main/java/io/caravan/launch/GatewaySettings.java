package io.caravan.launch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * The settings of the user's gateway by which it is found: of the environment, of the directory of
 * settings, or the bundled ones.
 *
 * @param address the address at which it is reached
 * @param key a client key; empty if no setting names one
 */
record GatewaySettings(boolean tls, InetAddress address, int port, String key) {
  /**
   * Reads the settings without any route.
   *
   * @throws IllegalArgumentException if one is wrong; the message names it
   */
  static GatewaySettings in(Path directory) throws Exception {
    CamelContext context = new DefaultCamelContext(false);
    try {
      List.of(
              "file:" + directory.resolve("application.properties") + ";optional=true",
              "classpath:application.properties;optional=true")
          .forEach(context.getPropertiesComponent()::addLocation);
      String port = setting(context, "caravan.port:8085");
      if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535 || port.equals("0")) {
        throw new IllegalArgumentException("CARAVAN_PORT is not a port: " + port);
      }
      return new GatewaySettings(
          Boolean.parseBoolean(setting(context, "caravan.tls.enabled:false")),
          address(setting(context, "caravan.host:127.0.0.1")),
          Integer.parseInt(port),
          setting(context, "caravan.api-keys:").split(",", 2)[0].strip());
    } finally {
      context.stop();
    }
  }

  private static String setting(CamelContext context, String key) {
    String value = context.resolvePropertyPlaceholders("{{" + key + "}}");
    return value == null ? "" : value.strip();
  }

  private static InetAddress address(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("CARAVAN_HOST is not an address: " + host, e);
    }
  }

  /** Returns the URL for clients. */
  String url() {
    return (tls ? "https://" : "http://") + host() + ":" + port;
  }

  /** Returns the address as it stands in a URL. */
  String host() {
    String ip = address.getHostAddress().replaceFirst("%.*", "");
    return ip.contains(":") ? "[" + ip + "]" : ip;
  }
}
