package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.http.UpstreamHttp;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.PlainClient;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Opens streams of large chunks that nobody reads, which wait long before they are cut off. */
@Timeout(120)
class StalledReadersIT {
  private static final int READERS = 24;
  private static final int LARGE_READERS = 200;
  private static final byte[] PIECE =
      Chunks.text("more and more ".repeat(2_000)).getBytes(StandardCharsets.UTF_8);
  private static final String STREAM =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @Test
  void manyTogetherHoldNoMoreThanTheirLimit() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway =
            Gateway.before(
                upstream,
                "caravan.model.default",
                "nim/test/model",
                "caravan.edge.waiting-bytes",
                "400000")) {
      upstream.answer(request -> endless());
      List<Socket> open = new ArrayList<>();
      try {
        for (int i = 0; i < READERS; i++) {
          open.add(stalled(gateway.port()));
        }
        UpstreamHttp http = gateway.context().getRegistry().findSingleByType(UpstreamHttp.class);

        await()
            .atMost(Duration.ofSeconds(40))
            .untilAsserted(
                () -> assertThat(http.poolStats().getLeased()).isLessThanOrEqualTo(READERS - 6));
        upstream.answer(request -> Script.says("still here"));
        assertThat(gateway.post("/v1/messages", STREAM).body()).contains("message_stop");
      } finally {
        for (Socket socket : open) {
          socket.close();
        }
      }
      gateway.awaitNothingOpen();
    }
  }

  /** The process ends when its heap is full. */
  @Test
  void manyLargePartsAtOnceDoNotFillASmallHeap(@TempDir Path directory) throws Exception {
    OneRun.copyApplication(directory);
    String part = "more and more ".repeat(80_000);
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        CaravanProcess caravan =
            OneRun.serveBefore(
                upstream, directory, Map.of(), "-Xmx256m", "-XX:+ExitOnOutOfMemoryError")) {
      CountDownLatch arrived = new CountDownLatch(LARGE_READERS);
      CompletableFuture<Void> go = new CompletableFuture<>();
      upstream.answer(
          request -> {
            arrived.countDown();
            return Script.stream(Chunks.role()).await(go).write(Chunks.text(part)).stall();
          });
      int port = URI.create(caravan.url()).getPort();
      List<Socket> open = new ArrayList<>();
      try {
        for (int i = 0; i < LARGE_READERS; i++) {
          open.add(asked(port));
        }
        assertThat(arrived.await(40, TimeUnit.SECONDS)).isTrue();
        upstream.answer(request -> Script.says("still here"));
        go.complete(null);

        for (int i = 0; i < 20; i++) {
          String answer = new PlainClient(URI.create(caravan.url()), 30_000).post(STREAM, 0).body();
          assertThat(answer).contains("message_stop");
        }
        assertThat(caravan.isAlive()).isTrue();
      } finally {
        for (Socket socket : open) {
          socket.close();
        }
      }
    }
  }

  private static Socket asked(int port) throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    RawClient.on(socket).post("/v1/messages", STREAM);
    return socket;
  }

  private static Socket stalled(int port) throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    RawClient.on(socket).post("/v1/messages", STREAM).readUntil("message_start");
    return socket;
  }

  private static Script endless() {
    return Script.stream(Chunks.role())
        .then(
            answer -> {
              while (true) {
                answer.write(PIECE);
              }
            });
  }
}
