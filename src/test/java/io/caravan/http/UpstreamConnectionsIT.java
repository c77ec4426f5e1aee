package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hc.core5.pool.PoolStats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what becomes of a call's connection. */
class UpstreamConnectionsIT {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Timeouts TIMEOUTS = new Timeouts(LONG, LONG, LONG, LONG);

  private final UpstreamHttp http = new UpstreamHttp();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
          byte[] body = "some words".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, status == 204 ? -1 : 0);
          if (status != 204) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() throws Exception {
    http.close();
    server.stop(0);
    threads.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 400, 401, 503})
  void aConnectionIsKeptBehindAResponseThatWasReadToItsEnd(int status) {
    for (int i = 0; i < 3; i++) {
      try (UpstreamCall call = http.get(url(status), Map.of(), TIMEOUTS)) {
        assertThat(call.open()).isEqualTo(status);
        call.readUpTo(1_000);
      }
      assertKept(1);
    }
  }

  @Test
  void aConnectionIsKeptBehindAStreamThatWasReadToItsEnd() {
    byte[] buffer = new byte[100];
    try (UpstreamCall call = http.get(url(200), Map.of(), TIMEOUTS)) {
      call.open();
      while (call.read(buffer, 0) >= 0) {
        assertThat(http.poolStats().getLeased()).isEqualTo(1);
      }
    }
    assertKept(1);
  }

  @Test
  void aConnectionIsKeptBehindAResponseThroughAProxy() {
    http.setProxy("http://127.0.0.1:" + server.getAddress().getPort());
    try (UpstreamCall call = http.get("http://upstream.test/200", Map.of(), TIMEOUTS)) {
      assertThat(call.open()).isEqualTo(200);
      call.readUpTo(1_000);
    }
    assertKept(1);
  }

  @Test
  void aConnectionIsClosedBehindAResponseThatWasNotReadToItsEnd() {
    try (UpstreamCall call = http.get(url(200), Map.of(), TIMEOUTS)) {
      call.open();
      call.readUpTo(3);
    }
    assertKept(0);
  }

  @Test
  void aUrlWithAUserIsRefused() {
    String url = url(200).replace("//", "//user:password@");
    try (UpstreamCall call = http.get(url, Map.of(), TIMEOUTS)) {
      assertThatExceptionOfType(UpstreamIoException.class).isThrownBy(call::open);
    }
    assertKept(0);
  }

  private String url(int status) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + status;
  }

  private void assertKept(int connections) {
    PoolStats stats = http.poolStats();
    assertThat(stats.getLeased()).isZero();
    assertThat(stats.getAvailable()).isEqualTo(connections);
  }
}
