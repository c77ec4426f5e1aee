package io.caravan.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of the loopback address for processes that can't choose one themselves. */
public final class Ports {
  private Ports() {}

  /** One that nobody listens on now, and most likely not a moment later either. */
  public static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
