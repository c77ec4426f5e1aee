package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Opens as many streams as there are platform threads for them, as on Java 17. */
@Timeout(30)
class WorkersIT {
  private static final String SWITCH = "caravan.virtual-threads";
  private static final int POOL = 8;
  private static final String STREAM =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static ScriptedUpstream upstream;
  private static Gateway gateway;
  private static int managementPort;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      managementPort = free.getLocalPort();
    }
    System.setProperty(SWITCH, "false");
    gateway =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/test/model",
            "camel.management.port",
            String.valueOf(managementPort),
            "camel.beans.vertxOptions.workerPoolSize",
            String.valueOf(POOL));
    System.clearProperty(SWITCH);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @Test
  void refusesStreamsBelowTheSizeOfThePoolAndStaysHealthy() throws Exception {
    CompletableFuture<Void> goOn = new CompletableFuture<>();
    upstream.answer(
        request ->
            Script.stream(Chunks.text("half"))
                .await(goOn)
                .write(Chunks.finish("stop") + Chunks.DONE));
    List<RawClient> open = new ArrayList<>();
    try {
      for (int i = 0; i < POOL - 1; i++) {
        RawClient client = RawClient.connect(gateway.port());
        open.add(client);
        client.post("/v1/messages", STREAM);
        client.readUntil("half");
      }
      // Bodies that are still arriving hold no worker.
      for (int i = 0; i < POOL; i++) {
        open.add(
            RawClient.connect(gateway.port())
                .write(
                    "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                        + " application/json\r\nContent-Length: 100\r\n\r\n{"));
      }

      HttpResponse<String> oneMore = gateway.post("/v1/messages", STREAM);
      assertThat(oneMore.statusCode()).isEqualTo(529);
      assertThat(oneMore.headers().firstValue("retry-after")).contains("2");
      assertThat(oneMore.body()).contains("overloaded_error");
      assertThat(gateway.send("GET", "/v1/models").statusCode()).isEqualTo(529);
      for (int i = 0; i < 10; i++) {
        assertThat(health()).startsWith("HTTP/1.1 200 ");
      }

      goOn.complete(null);
      open.get(0).readUntil("message_stop");
      await().until(() -> gateway.post("/v1/messages", STREAM).statusCode() == 200);
    } finally {
      goOn.complete(null);
      for (RawClient client : open) {
        client.close();
      }
    }
    gateway.awaitNothingOpen();
  }

  private static String health() throws Exception {
    try (RawClient client = RawClient.connect(managementPort)) {
      client.write("GET /observe/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      return client.readAll();
    }
  }
}
