package io.caravan.app;

/** The URL under which clients reach the gateway. */
final class ServerUrl {
  private ServerUrl() {}

  static String of(boolean tls, String host, String port) {
    String address = host.contains(":") ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + address + ":" + port;
  }
}
