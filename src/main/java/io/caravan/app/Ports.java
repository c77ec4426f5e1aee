package io.caravan.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks whether a port can be listened on, before the server tries: that only logs a failure. */
final class Ports {
  private Ports() {}

  /**
   * Does nothing where the port is free.
   *
   * @throws IllegalArgumentException naming the setting, where it isn't
   */
  static void checkFree(String host, int port, String setting) {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      // As the server does it: a connection that has just been closed is no hindrance.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "port "
              + port
              + " of "
              + host
              + " can't be listened on ("
              + e.getMessage()
              + "); set "
              + setting
              + " to a free one",
          e);
    }
  }
}
