package io.caravan.load;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * Takes traces as OTLP over HTTP and throws them away, and has the settings with which they come.
 */
final class TraceSink implements AutoCloseable {
  /** The options of a JVM whose gateway shows nothing of its requests. */
  static final List<String> NOTHING_OBSERVED =
      List.of(
          "-Dcaravan.access-log=false",
          "-Dcaravan.console=false",
          "-Dcaravan.console.requests=0",
          "-Dcamel.metrics.enabled=false");

  private final HttpServer server;

  private TraceSink(HttpServer server) {
    this.server = server;
  }

  static TraceSink start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "trace-sink");
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return new TraceSink(server);
  }

  /** Returns the options of a JVM whose gateway shows all that it can of its requests. */
  List<String> allObserved() {
    return List.of(
        "-Dcaravan.metrics.per-key=true",
        "-Dcaravan.traces.enabled=true",
        "-Dcaravan.traces.endpoint=http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
