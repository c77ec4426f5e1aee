package io.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.provider.Provider;
import io.caravan.testkit.Certificates;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.PlainClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.TlsFront;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tries each fault of TLS to an upstream: the client gets an error that names what to look at, at
 * once, and only what may pass by itself is tried again.
 */
@Timeout(60)
class UpstreamTlsIT {
  private static final String HERE = "ip:127.0.0.1";
  private static final int ATTEMPTS = 3;

  @TempDir static Path directory;

  private static Certificates certificates;
  private static ScriptedUpstream upstream;
  private static Gateway gateway;
  private static PlainClient client;

  private TlsFront front;

  @BeforeAll
  static void start() throws Exception {
    certificates = new Certificates(directory);
    certificates.sign("good", HERE);
    certificates.sign("expired", HERE, "-startdate", "-30d", "-validity", "10");
    certificates.sign("future", HERE, "-startdate", "+30d");
    certificates.sign("other", "dns:other.example");
    certificates.selfSigned("self", HERE);
    trust();
    upstream = ScriptedUpstream.start();
    gateway =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/test/model",
            "caravan.retry.attempts",
            Integer.toString(ATTEMPTS),
            "caravan.retry.delay",
            "10",
            "caravan.upstream.connect-timeout",
            "500",
            "caravan.circuit.minimum-calls",
            "100",
            "caravan.cooldown.failures",
            "1000000");
    client = new PlainClient(URI.create(gateway.url()), 30_000);
  }

  private static void trust() {
    System.setProperty("javax.net.ssl.trustStore", certificates.trusted().toString());
    System.setProperty("javax.net.ssl.trustStorePassword", certificates.password());
  }

  @AfterAll
  static void stop() throws Exception {
    System.clearProperty("javax.net.ssl.trustStore");
    System.clearProperty("javax.net.ssl.trustStorePassword");
    gateway.close();
    upstream.close();
  }

  /** Each test has a port of its own, and so no connection of another one's in the pool. */
  @BeforeEach
  void callTheFront() throws Exception {
    front = new TlsFront(upstream.url());
    upstream.forget();
    upstream.answer(request -> Script.says("safely told"));
    baseUrl(front.url() + "/v1");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    gateway.awaitNothingOpen();
    front.close();
  }

  private static void baseUrl(String url) {
    gateway.context().getRegistry().lookupByNameAndType("nim", Provider.class).setBaseUrl(url);
  }

  private static PlainClient.Answer ask() throws Exception {
    return ask(client);
  }

  private static PlainClient.Answer ask(PlainClient client) throws Exception {
    return client.post(
        "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
        0);
  }

  @Test
  void aTrustedCertificateIsCalled() throws Exception {
    front.behave(front.with(certificates.server("good")));

    assertThat(ask().body()).contains("safely told");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "expired | its certificate has expired",
        "future | its certificate is not valid yet",
        "other | its certificate is for another host than its baseUrl names",
        "self | its certificate's issuer is not trusted; docs/operate.md",
      })
  void aCertificateThatIsWrongIsNamedAndNotTriedAgain(String alias, String words) throws Exception {
    front.behave(front.with(certificates.server(alias)));

    PlainClient.Answer answer = ask();

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).contains("nim can't be called securely (" + words);
    assertThat(answer.head()).contains("x-should-retry: false");
    assertThat(front.connections()).isEqualTo(1);
    assertThat(upstream.completions()).isEmpty();
  }

  /** The JDK keeps what it has read of a file, so each case has another one. */
  @ParameterizedTest
  @CsvSource({"nowhere.p12, false", "copy.p12, true"})
  void authoritiesThatJavaCantReadAreNamed(String name, boolean there) throws Exception {
    front.behave(front.with(certificates.server("good")));
    Path file = directory.resolve(name);
    if (there) {
      Files.copy(certificates.trusted(), file);
    }
    System.setProperty("javax.net.ssl.trustStore", file.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", "another");
    try (Gateway other =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/test/model",
            "caravan.nim.base-url",
            front.url() + "/v1")) {
      PlainClient.Answer answer = ask(new PlainClient(URI.create(other.url()), 30_000));

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).contains("Java can't read its list of authorities; look at javax.");
      assertThat(answer.head()).contains("x-should-retry: false");
      assertThat(upstream.completions()).isEmpty();
    } finally {
      trust();
    }
  }

  @Test
  void plainHttpAtAPortOfTlsIsNamed() throws Exception {
    // OpenSSL's response, and others': a fatal alert, "unexpected message".
    front.behave(
        connection -> {
          connection.getInputStream().read(new byte[64 * 1024]);
          connection.getOutputStream().write(new byte[] {0x15, 3, 1, 0, 2, 2, 10});
          connection.shutdownOutput();
          connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        });
    baseUrl(front.url().replace("https:", "http:") + "/v1");

    PlainClient.Answer answer = ask();

    assertThat(answer.body()).contains("should its baseUrl begin with https://?");
    assertThat(answer.head()).contains("x-should-retry: false");
    assertThat(front.connections()).isEqualTo(1);
  }

  @Test
  void tlsAtAPortOfPlainHttpIsNamed() throws Exception {
    front.behave(
        connection -> {
          connection.getInputStream().read(new byte[64 * 1024]);
          connection
              .getOutputStream()
              .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        });

    PlainClient.Answer answer = ask();

    assertThat(answer.body()).contains("should its baseUrl begin with http://?");
    assertThat(answer.head()).contains("x-should-retry: false");
  }

  @Test
  void aHandshakeThatIsCutIsTriedAgain() throws Exception {
    AtomicInteger cut = new AtomicInteger();
    TlsFront.Behaviour good = front.with(certificates.server("good"));
    front.behave(
        connection -> {
          if (cut.getAndIncrement() == 0) {
            connection.getInputStream().read();
          } else {
            good.handle(connection);
          }
        });

    assertThat(ask().body()).contains("safely told");
    assertThat(front.connections()).isEqualTo(2);
  }

  @Test
  void handshakesThatAreAlwaysCutEndInAnError() throws Exception {
    front.behave(connection -> connection.getInputStream().read());

    PlainClient.Answer answer = ask();

    assertThat(answer.status()).isEqualTo(529);
    assertThat(answer.body()).contains("the connection ended in the TLS handshake");
    assertThat(front.connections()).isEqualTo(ATTEMPTS);
  }

  @Test
  void aHandshakeThatStallsEndsWithItsTime() throws Exception {
    front.behave(
        connection -> connection.getInputStream().transferTo(OutputStream.nullOutputStream()));

    PlainClient.Answer answer = ask();

    assertThat(answer.status()).isEqualTo(529);
    assertThat(answer.body()).contains("nim can't be reached");
    assertThat(front.connections()).isEqualTo(ATTEMPTS);
  }
}
