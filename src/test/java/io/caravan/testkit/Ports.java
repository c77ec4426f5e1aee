package io.caravan.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of the loopback address for processes that can't choose one themselves. */
public final class Ports {
  private Ports() {}

  /** Returns a port that is free now, and most likely still a moment later. */
  public static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
