package io.caravan.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ScriptedUpstreamIT {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final ScriptedUpstream upstream = ScriptedUpstream.start();

  @AfterEach
  void close() {
    upstream.close();
  }

  @Test
  void streamsEachPartAsOneChunkAndKeepsTheConnection() throws IOException {
    upstream.enqueue(Script.stream("data: 1\n\n", "data: 2\n\n"), Script.stream("data: 3\n\n"));
    try (Socket client = connect()) {
      post(client, "{\"a\":1}");
      assertThat(readUntil(client, "0\r\n\r\n"))
          .startsWith("HTTP/1.1 200 ")
          .contains("Content-Type: text/event-stream", "Transfer-Encoding: chunked")
          .endsWith("\r\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n");
      post(client, "{\"a\":2}");
      assertThat(readUntil(client, "0\r\n\r\n")).endsWith("9\r\ndata: 3\n\n\r\n0\r\n\r\n");
    }
    assertThat(upstream.completions())
        .extracting(ReceivedRequest::text, ReceivedRequest::connection)
        .containsExactly(tuple("{\"a\":1}", 1), tuple("{\"a\":2}", 1));
  }

  @Test
  void recordsHeadersAsTheyCame() throws Exception {
    upstream.answer(request -> Script.says("hello"));
    try (Socket client = connect()) {
      post(client, "{}");
      ReceivedRequest request = upstream.takeCompletion(SOON);
      assertThat(request.header("CONTENT-TYPE")).isEqualTo("application/json");
      assertThat(request.header("absent")).isNull();
      assertThat(request.target()).isEqualTo("/v1/chat/completions");
    }
  }

  @Test
  void takesAChunkedRequestBody() throws Exception {
    upstream.answer(request -> Script.json(200, "{}"));
    try (Socket client = connect()) {
      write(client, "POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
      write(client, "2\r\n{}\r\n3\r\nabc\r\n0\r\n\r\n");
      assertThat(upstream.takeCompletion(SOON).text()).isEqualTo("{}abc");
    }
  }

  @Test
  void endsABodyWithoutLengthByClosing() throws IOException {
    upstream.enqueue(
        Script.status(200, "Content-Type: text/event-stream").untilClosed().write("data: 1\n\n"));
    try (Socket client = connect()) {
      post(client, "{}");
      assertThat(readAll(client))
          .contains("Connection: close\r\n")
          .endsWith("\r\n\r\ndata: 1\n\n")
          .doesNotContain("chunked");
    }
  }

  @Test
  void holdsBackUntilTheGateOpens() throws IOException {
    CompletableFuture<Long> reached = new CompletableFuture<>();
    CompletableFuture<Void> gate = new CompletableFuture<>();
    upstream.enqueue(Script.stream("one").signal(reached).await(gate).write("two"));
    try (Socket client = connect()) {
      post(client, "{}");
      assertThat(readUntil(client, "one\r\n")).doesNotContain("two");
      assertThat(reached).succeedsWithin(SOON);
      gate.complete(null);
      assertThat(readUntil(client, "0\r\n\r\n")).contains("two");
    }
  }

  @Test
  void sendsNotEvenTheHeadBeforeTheGateOpens() throws IOException {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    upstream.enqueue(Script.after(gate, Script.json(200, "{}")));
    try (Socket client = connect()) {
      post(client, "{}");
      await().until(() -> !upstream.completions().isEmpty());
      assertThat(client.getInputStream().available()).isZero();
      gate.complete(null);
      assertThat(readUntil(client, "{}")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void noticesAtOnceThatTheClientHasGone() throws Exception {
    upstream.enqueue(Script.stream("data: 1\n\n").stall());
    ReceivedRequest request;
    try (Socket client = connect()) {
      post(client, "{}");
      readUntil(client, "data: 1\n\n");
      request = upstream.takeCompletion(SOON);
      assertThat(request.wasAborted()).isFalse();
      assertThat(upstream.openConnections()).isEqualTo(1);
    }
    long gone = request.clientGone().get(5, TimeUnit.SECONDS);
    assertThat(gone).isGreaterThan(request.receivedAt());
    await().until(() -> upstream.openConnections() == 0);
  }

  @Test
  void aClientThatLeavesAfterItsAnswerHasNotGivenUp() throws Exception {
    upstream.enqueue(Script.json(200, "{}"));
    try (Socket client = connect()) {
      post(client, "{}");
      readUntil(client, "{}");
      upstream.takeCompletion(SOON).finished().get(5, TimeUnit.SECONDS);
    }
    await().until(() -> upstream.openConnections() == 0);
    assertThat(upstream.completions().get(0).wasAborted()).isFalse();
  }

  @Test
  void resetsTheConnection() throws IOException {
    upstream.enqueue(Script.stream("data: 1\n\n").reset());
    try (Socket client = connect()) {
      post(client, "{}");
      assertThatThrownBy(() -> readAll(client)).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void closesInTheMiddleOfTheBody() throws IOException {
    upstream.enqueue(Script.stream("data: 1\n\n").close());
    try (Socket client = connect()) {
      post(client, "{}");
      assertThat(readAll(client)).endsWith("data: 1\n\n\r\n");
    }
  }

  @Test
  void halfClosesAndGoesOnReading() throws Exception {
    upstream.enqueue(Script.stream("data: 1\n\n").halfClose());
    try (Socket client = connect()) {
      post(client, "{}");
      assertThat(readAll(client)).endsWith("data: 1\n\n\r\n");
      assertThat(upstream.takeCompletion(SOON).finished()).isNotDone();
      assertThat(upstream.openConnections()).isEqualTo(1);
    }
    await().until(() -> upstream.openConnections() == 0);
  }

  @Test
  void writesGarbageInPlaceOfAnAnswer() throws IOException {
    upstream.enqueue(Script.garbage(new byte[] {1, 2, 3}));
    try (Socket client = connect()) {
      post(client, "{}");
      assertThat(readAll(client)).isEqualTo("\u0001\u0002\u0003");
    }
  }

  @Test
  void writesPastTheChunkedFraming() throws IOException {
    upstream.enqueue(
        Script.stream().writeRaw("zz\r\n".getBytes(StandardCharsets.US_ASCII)).close());
    try (Socket client = connect()) {
      post(client, "{}");
      assertThat(readAll(client)).endsWith("\r\n\r\nzz\r\n");
    }
  }

  @Test
  void dripsPieceByPiece() throws IOException {
    byte[] bytes = "abc".getBytes(StandardCharsets.US_ASCII);
    upstream.enqueue(Script.stream().drip(bytes, 2, Duration.ofMillis(1)));
    try (Socket client = connect()) {
      post(client, "{}");
      assertThat(readUntil(client, "0\r\n\r\n")).endsWith("2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
    }
  }

  @Test
  void goesOnUntilTheClientGoes() throws Exception {
    upstream.enqueue(Script.stream().endlessly(": comment\n\n", Duration.ofMillis(1)));
    ReceivedRequest request;
    try (Socket client = connect()) {
      post(client, "{}");
      request = upstream.takeCompletion(SOON);
      readUntil(client, ": comment");
    }
    assertThat(request.finished()).succeedsWithin(SOON);
    assertThat(request.wasAborted()).isTrue();
  }

  @Test
  void canEndAConnectionBeforeARequestIsRead() throws IOException {
    upstream.enqueueForConnection(Script.garbage(new byte[0]));
    try (Socket client = connect()) {
      assertThat(readAll(client)).isEmpty();
    }
    assertThat(upstream.everything()).isEmpty();
  }

  @Test
  void listsItsModelWithoutUsingUpAScript() throws IOException {
    upstream.enqueue(Script.says("for the completion"));
    try (Socket client = connect()) {
      write(client, "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(readUntil(client, "]}")).contains("\"scripted/model\"");
      post(client, "{}");
      assertThat(readUntil(client, "[DONE]")).contains("completion");
    }
    assertThat(upstream.everything()).hasSize(2);
    assertThat(upstream.completions()).hasSize(1);
  }

  @Test
  void saysSoWhenThereIsNoScript() throws IOException {
    try (Socket client = connect()) {
      post(client, "{}");
      assertThat(readUntil(client, "}}")).startsWith("HTTP/1.1 500").contains("no script");
    }
  }

  @Test
  void answersAHeadWithoutABody() throws IOException {
    upstream.answerElse(request -> Script.json(200, "{\"a\":1}"));
    try (Socket client = connect()) {
      write(client, "HEAD /v1/models HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(readUntil(client, "\r\n\r\n")).contains("Content-Length: 7");
      write(client, "HEAD /v1/models HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(readUntil(client, "\r\n\r\n")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void closingTheServerEndsItsConnections() throws IOException {
    upstream.enqueue(Script.stream("data: 1\n\n").stall());
    try (Socket client = connect()) {
      post(client, "{}");
      readUntil(client, "data: 1\n\n");
      upstream.close();
      assertThat(readAll(client)).isEqualTo("\r\n");
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), upstream.port());
  }

  private static void post(Socket client, String body) throws IOException {
    write(
        client,
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private static void write(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads until the text has arrived, and no further. */
  private static String readUntil(Socket client, String end) throws IOException {
    InputStream in = client.getInputStream();
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
      int next = in.read();
      assertThat(next).as("the connection ended after: %s", text).isNotNegative();
      text.append((char) next);
    }
    return text.toString();
  }

  private static String readAll(Socket client) throws IOException {
    return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }
}
