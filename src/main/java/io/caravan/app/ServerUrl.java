package io.caravan.app;

/** Where clients reach the gateway, as a person would type it. */
final class ServerUrl {
  private ServerUrl() {}

  static String of(boolean tls, String host, String port) {
    String address = host.contains(":") ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + address + ":" + port;
  }
}
