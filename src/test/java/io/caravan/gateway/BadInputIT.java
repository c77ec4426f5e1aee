package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.http.HttpServers;
import io.caravan.http.ServerEdge;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests invalid input: each gets a clear error in Anthropic's form, and the gateway goes on. */
@Timeout(20)
class BadInputIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_BODY = 3_000_000;
  private static final int MAX_CONNECTIONS = 20;
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    upstream.answer(request -> Script.says("fine"));
    gateway =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/test/model",
            "caravan.max-body-size",
            String.valueOf(MAX_BODY),
            "caravan.max-body-bytes-held",
            String.valueOf(2 * MAX_BODY),
            "caravan.body-idle-timeout",
            "1000",
            "caravan.body-timeout",
            "3000",
            "caravan.head-timeout",
            "1000",
            "caravan.max-connections",
            String.valueOf(MAX_CONNECTIONS));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @AfterEach
  void nothingIsHeldAndTheNextRequestWorks() throws Exception {
    await()
        .atMost(java.time.Duration.ofSeconds(3))
        .untilAsserted(() -> assertThat(bean(ServerEdge.class).bytesHeld()).isZero());
    assertThat(gateway.post("/v1/messages", HI).body()).contains("fine");
  }

  @Test
  void refusesABodyThatIsAnnouncedAsTooLargeBeforeItComes() throws Exception {
    try (RawClient client = connect()) {
      client.write(head("Content-Length: " + (MAX_BODY + 1)));

      assertError(client.readAll(), 413, "request_too_large");
    }
  }

  @Test
  void refusesAChunkedBodyOnceItIsTooLarge() throws Exception {
    try (RawClient client = connect()) {
      client.write(head("Transfer-Encoding: chunked"));
      String chunk = "8000\r\n" + " ".repeat(0x8000) + "\r\n";
      for (int sent = 0; sent <= MAX_BODY; sent += 0x8000) {
        client.write(chunk);
      }
      assertError(client.readAll(), 413, "request_too_large");
    }
  }

  @Test
  void takesAChunkedBody() throws Exception {
    try (RawClient client = connect()) {
      client.write(head("Transfer-Encoding: chunked", "Connection: close"));
      client.write(Integer.toHexString(HI.length()) + "\r\n" + HI + "\r\n0\r\n\r\n");

      assertThat(client.readAll()).startsWith("HTTP/1.1 200 ").contains("fine");
    }
  }

  @Test
  void asksAWaitingClientToContinue() throws Exception {
    try (RawClient client = connect()) {
      client.write(
          head("Content-Length: " + HI.length(), "Expect: 100-continue", "Connection: close"));
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
      client.write(HI);

      assertThat(client.readAll()).startsWith("HTTP/1.1 200 ").contains("fine");
    }
  }

  @Test
  void refusesATooLargeBodyBeforeAWaitingClientSendsIt() throws Exception {
    try (RawClient client = connect()) {
      client.write(head("Content-Length: 99000000", "Expect: 100-continue"));

      assertError(client.readAll(), 413, "request_too_large");
    }
  }

  @Test
  void cutsOffABodyThatStops() throws Exception {
    try (RawClient client = connect()) {
      client.write(head("Content-Length: 1000") + "{");

      assertError(client.readAll(), 408, "timeout_error");
    }
  }

  @Test
  void cutsOffABodyThatDrips() throws Exception {
    try (RawClient client = connect()) {
      client.write(head("Content-Length: 1000"));
      await()
          .pollInterval(java.time.Duration.ofMillis(200))
          .untilAsserted(
              () -> {
                client.write(" ");
                assertThat(client.available()).isPositive();
              });
      assertThat(client.readUntil("timeout_error")).startsWith("HTTP/1.1 408 ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "POST /v1/mess", "POST /v1/messages HTTP/1.1\r\nHost: local"})
  void closesAConnectionWhoseRequestDoesNotBegin(String sent) throws Exception {
    try (RawClient client = connect()) {
      client.write(sent);

      assertThat(client.readAll()).isEmpty();
    }
  }

  /** Each header takes ten times its size, and a head without its end is never answered. */
  @Test
  void closesAConnectionWhoseHeadHasHeadersWithoutEnd() throws Exception {
    try (RawClient client = connect()) {
      client.write("GET / HTTP/1.1\r\nHost: localhost\r\n");
      client.write("a:\r\n".repeat(200));

      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void takesAHundredHeaders() throws Exception {
    try (RawClient client = connect()) {
      client.write("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
      client.write("a: b\r\n".repeat(100) + "\r\n");

      assertThat(client.readAll()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void takesNoMoreConnectionsThanItsLimit() throws Exception {
    await()
        .untilAsserted(
            () -> assertThat(bean(HttpServers.class).connections().size()).isLessThan(3));
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < MAX_CONNECTIONS; i++) {
        clients.add(connect().write("POST"));
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(bean(HttpServers.class).connections().size())
                      .isEqualTo(MAX_CONNECTIONS));
      try (RawClient oneMore = connect()) {
        assertThat(oneMore.readAll()).isEmpty();
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
    await()
        .untilAsserted(
            () -> assertThat(bean(HttpServers.class).connections().size()).isLessThan(3));
  }

  @Test
  void holdsNoMoreBytesOfBodiesThanItsLimit() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        clients.add(
            connect().write(head("Content-Length: " + MAX_BODY)).write(new byte[MAX_BODY - 1]));
      }
      await()
          .untilAsserted(
              () -> assertThat(bean(ServerEdge.class).bytesHeld()).isEqualTo(2L * (MAX_BODY - 1)));
      try (RawClient oneMore = connect()) {
        oneMore.write(head("Content-Length: " + HI.length()) + HI);
        String answer = oneMore.readAll();
        assertError(answer, 529, "overloaded_error");
        assertThat(answer).containsIgnoringCase("retry-after: 2");
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("notHttp")
  void answersWhatIsNoHttp(String sent, int status) throws Exception {
    try (RawClient client = connect()) {
      client.write(sent);

      assertError(client.readAll(), status, "invalid_request_error");
    }
  }

  static Stream<Arguments> notHttp() {
    return Stream.of(
        Arguments.of("this is no HTTP\r\n\r\n", 400),
        Arguments.of("GET /" + "a".repeat(10_000) + " HTTP/1.1\r\n\r\n", 414),
        Arguments.of("GET / HTTP/1.1\r\nX: " + "a".repeat(40_000) + "\r\n\r\n", 431),
        Arguments.of(
            "GET / HTTP/1.1\r\nHost: localhost\r\n" + "a: b\r\n".repeat(200) + "\r\n", 431),
        Arguments.of("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400));
  }

  /**
   * A proxy in front may see another end of the body: RFC 9112, 6.1. What follows is no second
   * request.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding:",
        "Content-Length: +4",
        "Content-Length: 4, 4",
        "Content-Length: 4\r\nContent-Length: 4",
        "Content-Length: -4",
        "Content-Length: 0x4",
        "Content-Length: 4 4",
        "Content-Length:",
        "Content-Length: 99999999999999999999",
        "Content-Length: 4\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding\t: chunked",
        "X: 1\r\n Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
      })
  void refusesABodyWhoseEndIsInDoubt(String framing) throws Exception {
    try (RawClient client = connect()) {
      // At once, for the gateway may close the connection after the head.
      client.write(
          head(framing)
              + Integer.toHexString(HI.length())
              + ("\r\n" + HI + "\r\n0\r\n\r\n")
              + "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");

      String answers = client.readAll();
      assertError(answers, 400, "invalid_request_error");
      assertThat(answers).containsOnlyOnce("HTTP/1.1 ");
    }
  }

  @Test
  void takesNoCompressedBody() throws Exception {
    HttpResponse<String> answer =
        gateway.post("/v1/messages", "pretend", "content-encoding", "gzip");

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(JSON.readTree(answer.body()).at("/error/message").asText())
        .contains("content-encoding");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPTIONS", "PUT", "PATCH", "DELETE"})
  void answersOtherMethodsWithoutCors(String method) throws Exception {
    HttpResponse<String> answer = gateway.send(method, "/v1/messages");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(JSON.readTree(answer.body()).at("/error/type").asText())
        .isEqualTo("invalid_request_error");
    assertThat(answer.headers().map().keySet())
        .noneMatch(name -> name.startsWith("access-control"));
  }

  @Test
  void answersAHeadWithoutABody() throws Exception {
    HttpResponse<String> answer = gateway.send("HEAD", "/v1/messages");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.body()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badBodies")
  void answersABadBodyWithWhatIsWrong(String name, byte[] body, String said) throws Exception {
    for (String path : List.of("/v1/messages", "/v1/messages/count_tokens")) {
      try (RawClient client = connect()) {
        client.post(path, body, "Connection: close");
        String answer = client.readAll();

        assertError(answer, 400, "invalid_request_error");
        assertThat(answer).contains(said);
      }
    }
  }

  static Stream<Arguments> badBodies() {
    return Stream.of(
        bad("empty", "", "no body"),
        bad("no JSON", "hello", ""),
        bad("an array", "[]", ""),
        bad("a number", "1", ""),
        bad("null", "null", ""),
        bad("cut off", HI.substring(0, HI.length() - 5), ""),
        bad("two objects", HI + HI, ""),
        bad("nested too deep", withContent("[".repeat(5_000) + "]".repeat(5_000)), "messages"),
        bad(
            "nested too deep where it is not read",
            HI.replaceFirst("\\{", "{\"metadata\":" + "[".repeat(5000) + "]".repeat(5000) + ","),
            ""),
        bad("a number without end", HI.replace(":9,", ":" + "9".repeat(5_000) + ","), "limit"),
        bad("a number too large", HI.replace(":9,", ":1e999,"), "max_tokens"),
        bad("content that is no content", withContent("17"), "messages.0.content"),
        bad("a block without a type", withContent("[{}]"), "messages.0.content.0"),
        Arguments.of("no UTF-8", notUtf8(), ""));
  }

  private static Arguments bad(String name, String body, String said) {
    return Arguments.of(name, body.getBytes(StandardCharsets.UTF_8), said);
  }

  private static byte[] notUtf8() {
    byte[] body = HI.replace("Hi", "Hx").getBytes(StandardCharsets.UTF_8);
    body[HI.indexOf("Hi") + 1] = (byte) 0xff;
    return body;
  }

  private static String withContent(String content) {
    return HI.replace("\"Hi\"", content);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\u4e2d", "\\ud83d\\ude00", "!", " ", "\\n"})
  void countsAWordWithoutEnd(String letter) throws Exception {
    String giant = "\"" + letter.repeat(200_000) + "\"";

    HttpResponse<String> answer = gateway.post("/v1/messages/count_tokens", withContent(giant));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(answer.body()).get("input_tokens").asInt()).isPositive();
  }

  @Test
  void livesWithTwoFieldsOfOneName() throws Exception {
    HttpResponse<String> answer =
        gateway.post("/v1/messages", HI.replace(":9,", ":9,\"max_tokens\":7,"));

    assertThat(answer.statusCode()).isIn(200, 400);
  }

  private static <T> T bean(Class<T> type) {
    return gateway.context().getRegistry().findSingleByType(type);
  }

  private static RawClient connect() throws IOException {
    return RawClient.connect(gateway.port());
  }

  private static String head(String... headers) {
    return "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + String.join("\r\n", headers)
        + "\r\n\r\n";
  }

  private static void assertError(String answer, int status, String type) throws IOException {
    assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*");
    // The body may be a chunk, with its size before it.
    int body = answer.indexOf('{', answer.indexOf("\r\n\r\n"));
    JsonNode error = JSON.readTree(answer.substring(body, answer.lastIndexOf('}') + 1));
    assertThat(error.get("type").asText()).isEqualTo("error");
    assertThat(error.at("/error/type").asText()).isEqualTo(type);
    assertThat(error.at("/error/message").asText()).isNotBlank();
    assertThat(error.get("request_id").asText()).startsWith("req_");
  }
}
