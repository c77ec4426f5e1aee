package io.caravan.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Checks that a port is free before the server binds it, since the server only logs a failure. */
final class Ports {
  private static final int FIRST_FREE_FOR_ALL = 1024;

  private Ports() {}

  /**
   * Checks that a port is free.
   *
   * @throws IllegalArgumentException if it is not; the message names the setting
   */
  static void checkFree(String host, int port, String setting) {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      // The server does the same, so that a connection that was just closed doesn't prevent it.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException e) {
      throw new IllegalArgumentException(notFree(host, port, setting, e), e);
    }
  }

  /** Returns the words for a port that can't be listened on. */
  static String notFree(String host, int port, String setting, Throwable fault) {
    String cause = String.valueOf(fault.getMessage());
    return "port "
        + port
        + " of "
        + host
        + " can't be listened on ("
        + cause
        + "); set "
        + setting
        + (port < FIRST_FREE_FOR_ALL && cause.contains("denied")
            ? " to one from 1024 on: those below need a right of their own"
            : " to a free one");
  }
}
