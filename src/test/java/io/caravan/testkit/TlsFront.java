package io.caravan.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * TLS in front of an upstream that has none, with a certificate that a test can change, or with a
 * fault of the connection.
 */
public final class TlsFront implements AutoCloseable {
  /** What the front does with a connection. */
  public interface Behaviour {
    /** Handles a connection, which is closed afterwards. */
    void handle(Socket connection) throws IOException;
  }

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger connections = new AtomicInteger();
  private final int upstream;
  private volatile Behaviour behaviour;

  public TlsFront(String upstreamUrl) throws IOException {
    upstream = URI.create(upstreamUrl).getPort();
    threads.execute(this::accept);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connections.incrementAndGet();
        threads.execute(() -> handle(connection));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void handle(Socket connection) {
    try (connection) {
      behaviour.handle(connection);
    } catch (IOException e) {
      // The client has refused the certificate, or has left.
    }
  }

  /** Sets the behaviour and forgets the connections. */
  public void behave(Behaviour behaviour) {
    this.behaviour = behaviour;
    connections.set(0);
  }

  /** Returns a behaviour: TLS with a certificate, and then the upstream. */
  public Behaviour with(SSLContext context) {
    return connection -> {
      try (SSLSocket tls =
              (SSLSocket) context.getSocketFactory().createSocket(connection, null, true);
          Socket plain = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
        tls.startHandshake();
        threads.execute(() -> copy(tls, plain));
        plain.getInputStream().transferTo(tls.getOutputStream());
      }
    };
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of them has ended.
    }
  }

  /** Returns how many connections have come since the behaviour was set. */
  public int connections() {
    return connections.get();
  }

  public String url() {
    return "https://127.0.0.1:" + server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
