package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.http.UpstreamHttp;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Opens streams of large chunks that nobody reads, which wait long before they are cut off. */
@Timeout(60)
class StalledReadersIT {
  private static final int READERS = 24;
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
