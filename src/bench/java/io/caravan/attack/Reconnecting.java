package io.caravan.attack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Connections that say a little and then nothing; one that is closed is opened again. */
final class Reconnecting {
  private static final long PAUSE_NANOS = 20_000_000;

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /** Opens connections that begin so. */
  Reconnecting(int connections, int port, String beginning) {
    byte[] bytes = beginning.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < connections; i++) {
      Thread thread = new Thread(() -> hold(port, bytes), "attack-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void hold(int port, byte[] beginning) {
    while (!closed) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(200);
        socket.getOutputStream().write(beginning);
        awaitEnd(socket);
      } catch (IOException e) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void awaitEnd(Socket socket) throws IOException {
    while (!closed) {
      try {
        if (socket.getInputStream().read() < 0) {
          return;
        }
      } catch (SocketTimeoutException e) {
        // It is silent as well.
      }
    }
  }

  /** Closes all of them. */
  void end() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
