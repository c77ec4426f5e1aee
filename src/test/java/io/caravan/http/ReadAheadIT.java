package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.RawJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests that a call knows the bytes that have arrived, which set how many tokens pass the route at
 * once.
 */
@Timeout(20)
class ReadAheadIT {
  private static final Timeouts LONG =
      new Timeouts(
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1));
  private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  @Test
  void theChunksOfOnePacketAreThereAtOnceAndNoMore() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        UpstreamHttp http = new UpstreamHttp()) {
      Thread upstream =
          new Thread(() -> answer(server, read, "2\r\nab\r\n3\r\ncde\r\n", "1\r\nf\r\n0\r\n\r\n"));
      upstream.start();
      try (UpstreamCall call = post(http, server)) {
        assertThat(call.open()).isEqualTo(200);
        assertThat(next(call)).isEqualTo("ab");
        assertThat(call.available()).as("the second chunk has come with the first").isPositive();
        assertThat(next(call)).isEqualTo("cde");
        assertThat(call.available()).as("only its line end is left").isNotPositive();
        read.countDown();
        assertThat(next(call)).isEqualTo("f");
        assertThat(next(call)).isNull();
      }
      upstream.join();
    }
  }

  private static UpstreamCall post(UpstreamHttp http, ServerSocket server) {
    return http.post(
        "http://127.0.0.1:" + server.getLocalPort() + "/", Map.of(), RawJson.of("{}"), LONG);
  }

  private static String next(UpstreamCall call) {
    byte[] buffer = new byte[100];
    int count = call.read(buffer, 0);
    return count < 0 ? null : new String(buffer, 0, count, StandardCharsets.US_ASCII);
  }

  private static void answer(ServerSocket server, CountDownLatch read, String first, String rest) {
    try (Socket socket = server.accept()) {
      awaitBody(socket.getInputStream());
      socket.getOutputStream().write((HEAD + first).getBytes(StandardCharsets.US_ASCII));
      read.await();
      socket.getOutputStream().write(rest.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitBody(InputStream in) throws IOException {
    int previous = 0;
    int next = in.read();
    while (next >= 0 && !(previous == '{' && next == '}')) {
      previous = next;
      next = in.read();
    }
  }
}
