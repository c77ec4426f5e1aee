package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.http.ServerEdge;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks a gateway with client keys from without: those without a key shut nobody out. */
@Timeout(20)
class EdgeIT {
  private static final String KEY = "a-client-key-of-some-length";
  private static final int SHARE = 100_000;
  private static final int ALL = 1_000_000;
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static ScriptedUpstream upstream;
  private static Gateway gateway;
  private static int managementPort;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    upstream.answer(request -> Script.says("fine"));
    try (ServerSocket free = new ServerSocket(0)) {
      managementPort = free.getLocalPort();
    }
    gateway =
        Gateway.before(
            upstream,
            "camel.management.port",
            String.valueOf(managementPort),
            "caravan.model.default",
            "nim/test/model",
            "caravan.api-keys",
            KEY,
            "caravan.max-body-bytes-held",
            String.valueOf(ALL),
            "caravan.edge.keyless-bytes-held",
            String.valueOf(SHARE),
            "caravan.edge.keyless-body-timeout",
            "1000");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @AfterEach
  void nothingIsHeldAndTheNextRequestWorks() throws Exception {
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(edge().bytesHeld()).isZero());
    assertServed();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x-api-key: wrong", "Authorization: Bearer wrong", "x-api-key: ", "Cookie: a"})
  void refusesAnUnknownKeyBeforeTheBodyComes(String header) throws Exception {
    for (String framing : List.of("Content-Length: 33000000", "Transfer-Encoding: chunked")) {
      try (RawClient client = connect()) {
        client.write(
            head("/v1/messages", framing, header.isEmpty() ? "X-Nothing: 1" : header) + "1\r\n{");

        assertThat(client.readAll()).startsWith("HTTP/1.1 401 ").contains("authentication_error");
      }
    }
  }

  /** Telemetry needs no key, and there is no route at all at some of these paths. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/event_logging/batch",
        "/api/event_logging/batch/",
        "/demo/v1/chat/completions",
        "/nowhere",
        "/",
        "/v1/models",
        "/v1/messages/../../nowhere"
      })
  void silentBodiesWithoutAKeyShutNobodyOut(String path) throws Exception {
    List<RawClient> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        String framing = i % 2 == 0 ? "Content-Length: 33000000" : "Transfer-Encoding: chunked";
        silent.add(connect().write(head(path, framing) + "1\r\n{"));
      }
      for (int i = 0; i < 10; i++) {
        assertServed();
      }
      assertThat(edge().bytesHeld()).isLessThan(SHARE);
    } finally {
      for (RawClient client : silent) {
        client.close();
      }
    }
  }

  @Test
  void countsBytesAsTheyArriveAndNotAsTheyAreAnnounced() throws Exception {
    List<RawClient> announcing = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        announcing.add(
            connect().write(head("/v1/messages", "Content-Length: 900000", "x-api-key: " + KEY)));
      }
      assertServed();
      announcing.get(0).write("x".repeat(800_000));
      await().untilAsserted(() -> assertThat(edge().bytesHeld()).isEqualTo(800_000));
      announcing.get(1).write("x".repeat(300_000));

      assertThat(announcing.get(1).readAll()).startsWith("HTTP/1.1 529 ");
    } finally {
      for (RawClient client : announcing) {
        client.close();
      }
    }
  }

  @Test
  void countsAChunkedBodyAsItArrives() throws Exception {
    try (RawClient client = connect()) {
      client.write(head("/v1/messages", "Transfer-Encoding: chunked", "x-api-key: " + KEY));
      client.write("30d40\r\n" + "x".repeat(200_000) + "\r\n");

      await().untilAsserted(() -> assertThat(edge().bytesHeld()).isEqualTo(200_000));
      assertServed();
    }
  }

  @Test
  void cutsOffABodyWithoutAKeySoon() throws Exception {
    try (RawClient client = connect()) {
      client.write(head("/nowhere/telemetry", "Content-Length: 1000"));
      assertThat(client.readAll()).startsWith("HTTP/1.1 404 ");
    }
    try (RawClient client = connect()) {
      client.write(head("/api/event_logging/batch", "Content-Length: 1000"));
      assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void takesLittleTelemetry() throws Exception {
    try (RawClient client = connect()) {
      client.write(head("/api/event_logging/batch", "Content-Length: 20000", "x-api-key: " + KEY));
      assertThat(client.readAll()).startsWith("HTTP/1.1 413 ");
    }
    try (RawClient client = connect()) {
      client.write(head("//api/event_logging/./batch", "Transfer-Encoding: chunked"));
      client.write("5000\r\n" + "x".repeat(0x5000) + "\r\n");
      assertThat(client.readAll()).startsWith("HTTP/1.1 413 ");
    }
    try (RawClient client = connect()) {
      client.write(
          head("/api/event_logging/batch", "Content-Length: 8000", "Connection: close")
              + "x".repeat(8000));
      assertThat(client.readAll()).startsWith("HTTP/1.1 200 ");
    }
  }

  /** The path is decoded and cleared of dots before any rule looks at it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/demo/../v1/messages",
        "/demo/%2e%2e/v1/messages",
        "/demo/.%2E/v1/messages",
        "//v1//messages",
        "/./v1/messages",
        "/v1/messages/",
        "/v1/%6dessages"
      })
  void looksAtThePathThatTheRouterSees(String path) throws Exception {
    try (RawClient client = connect()) {
      client.write(head(path, "Content-Length: 33000000"));
      assertThat(client.readAll()).startsWith("HTTP/1.1 401 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%zz",
        "/%",
        "/%4",
        "/v1/messages%00",
        "/v1/models/%",
        "/v1/models?a=%zz",
        "/v1/models/%-1",
        "/?%"
      })
  void answersAnInvalidEscape(String path) throws Exception {
    try (RawClient client = connect()) {
      client.write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

      assertThat(client.readAll())
          .startsWith("HTTP/1.1 400 ")
          .contains("invalid_request_error")
          .doesNotContain("Exception");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nHost: evil.example",
        "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nHost: localhost",
        "GET /v1/models HTTP/1.1\r\nHost: localhost, evil.example",
        "GET /v1/models HTTP/1.1\r\nHost: evil.example@localhost",
        "GET /v1/models HTTP/1.1\r\nHost: localhost/../x",
        "GET /v1/models HTTP/1.1",
        "GET http://evil.example/v1/models HTTP/1.1\r\nHost: localhost",
        "GET HTTP://localhost.evil.example/v1/models HTTP/1.1\r\nHost: localhost",
        "GET https://localhost:8443/v1/models HTTP/1.1\r\nHost: localhost",
        "GET http://localhost@evil.example/ HTTP/1.1\r\nHost: localhost",
        "GET http://localhost HTTP/1.0",
        "GET ftp://localhost/ HTTP/1.1\r\nHost: localhost",
        "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443",
        "GET * HTTP/1.1\r\nHost: localhost",
        "GET v1/models HTTP/1.1\r\nHost: localhost",
        "POST /v1/messages HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked",
      })
  void refusesARequestForAnotherHost(String head) throws Exception {
    try (RawClient client = connect()) {
      client.write(
          head
              + "\r\n\r\nGET /v1/models HTTP/1.1\r\nHost: localhost\r\nx-api-key: "
              + KEY
              + "\r\n\r\n");

      String answers = client.readAll();
      assertThat(answers).startsWith("HTTP/1.").contains("invalid_request_error");
      assertThat(answers.substring(8)).startsWith(" 400 ");
      assertThat(answers.split("HTTP/1\\.", -1)).hasSize(2);
    }
  }

  @Test
  void takesAnAbsoluteTargetOfItsOwnHost() throws Exception {
    try (RawClient client = connect()) {
      client.write(
          "GET http://LOCALHOST:80/v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + "x-api-key: "
              + KEY
              + "\r\n\r\n");
      assertThat(client.readAll()).startsWith("HTTP/1.1 200 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "APPLICATION/JSON",
        "Application/Json; charset=UTF-8",
        "application/json ;charset=utf-8",
        "application/JSON;charset=\"utf-8\""
      })
  void takesJsonInAnyCase(String type) throws Exception {
    assertThat(posted(type)).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/*",
        "*/json",
        "*",
        "text/plain",
        "application/json\r\nContent-Type: text/plain",
        "text/plain\r\nContent-Type: application/json",
        "text/plain, application/json",
        "application/jsonp",
        "application/x-www-form-urlencoded"
      })
  void takesNothingElse(String type) throws Exception {
    assertThat(posted(type)).matches("(?s)HTTP/1.1 4(15|00) .*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-api-key: wrong\r\nx-api-key: " + KEY,
        "x-api-key: " + KEY + "\r\nX-API-KEY: wrong",
        "Authorization: Bearer wrong\r\nAuthorization: Bearer " + KEY,
        "Origin: http://localhost\r\nOrigin: http://evil.example\r\nx-api-key: " + KEY,
        "Content-Encoding: identity\r\nContent-Encoding: gzip\r\nx-api-key: " + KEY,
        "caravan-admin-key: a\r\ncaravan-admin-key: b\r\nx-api-key: " + KEY
      })
  void takesNoHeaderTwiceByWhichItDecides(String headers) throws Exception {
    try (RawClient client = connect()) {
      client.write(head("/v1/messages", "Content-Length: " + HI.length(), headers) + HI);

      assertThat(client.readAll()).startsWith("HTTP/1.1 400 ").contains("more than one");
    }
  }

  /** A second answer would be taken for that to the next request of a proxy. */
  @Test
  void answersNothingBehindARequestInDoubt() throws Exception {
    for (String rest : List.of("0\r\n\r\n", "\0\0\0", "GET / HTTP/1.1\r\n\r\n", "GET\r\n\r\n")) {
      try (RawClient client = connect()) {
        client.write(head("/v1/messages", "Transfer-Encoding: xchunked") + rest);

        assertThat(client.readAll().split("HTTP/1\\.", -1)).hasSize(2);
      }
    }
  }

  @Test
  void servesHealthToNoWebPageByItsAddress() throws Exception {
    assertThat(health("Host: 127.0.0.1\r\nOrigin: http://evil.example"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(health("Host: 127.0.0.1\r\nOrigin: null")).startsWith("HTTP/1.1 403 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:9876", "127.0.0.1.evil.example"})
  void servesHealthToNoForeignHost(String host) throws Exception {
    assertThat(health("Host: " + host)).startsWith("HTTP/1.1 403 ");
    assertThat(health("Host: localhost\r\nHost: " + host)).startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:9876", "127.0.0.1:9876", "10.1.2.3:9876", "[::1]"})
  void servesHealthToProbes(String host) throws Exception {
    assertThat(health("Host: " + host)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void showsWhatEachCheckOfHealthKnowsOnRequest() throws Exception {
    assertThat(health("Host: localhost"))
        .contains("caravan-upstreams")
        .doesNotContain("check.kind");
    assertThat(health("?data=true", "Host: localhost"))
        .contains(
            "\"check.id\":\"caravan-upstreams\"",
            "\"failure.count\":0",
            "\"route.id\":\"messages\"");
  }

  private static String posted(String type) throws IOException {
    try (RawClient client = connect()) {
      client.write(
          "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
              + (type + "\r\nContent-Length: " + HI.length() + "\r\nx-api-key: " + KEY + "\r\n\r\n")
              + HI);
      return client.readAll();
    }
  }

  private static String health(String headers) throws IOException {
    return health("", headers);
  }

  private static String health(String query, String headers) throws IOException {
    try (RawClient client = RawClient.connect(managementPort)) {
      client.write(
          "GET /observe/health"
              + query
              + (" HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n"));
      return client.readAll();
    }
  }

  private static void assertServed() throws Exception {
    assertThat(gateway.post("/v1/messages", HI, "x-api-key", KEY).body()).contains("fine");
  }

  private static ServerEdge edge() {
    return gateway.context().getRegistry().findSingleByType(ServerEdge.class);
  }

  private static RawClient connect() throws IOException {
    return RawClient.connect(gateway.port());
  }

  private static String head(String path, String... headers) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + String.join("\r\n", headers)
        + "\r\n\r\n";
  }
}
