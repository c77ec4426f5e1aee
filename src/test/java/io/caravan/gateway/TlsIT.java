package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the real process with a certificate: the clients' port speaks TLS only. */
@Timeout(120)
class TlsIT {
  private static final String PASSWORD = "test-password";

  @TempDir static Path directory;

  private static ScriptedUpstream upstream;
  private static CaravanProcess caravan;

  @BeforeAll
  static void start() throws Exception {
    OneRun.copyApplication(directory);
    makeCertificate(directory.resolve("caravan.p12"));
    upstream = ScriptedUpstream.start();
    upstream.answer(request -> Script.says("safely told"));
    caravan = OneRun.serve(directory, settings());
  }

  private static Map<String, String> settings() {
    return Map.of(
        "NIM_BASE_URL",
        upstream.url(),
        "CARAVAN_TLS_ENABLED",
        "true",
        "CARAVAN_TLS_KEY_STORE",
        "file:" + directory.resolve("caravan.p12"),
        "CARAVAN_TLS_KEY_STORE_PASSWORD",
        PASSWORD);
  }

  private static void makeCertificate(Path keys) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                keys.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-alias",
                "caravan",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
  }

  @AfterAll
  static void stop() {
    if (caravan != null) {
      caravan.close();
    }
    upstream.close();
  }

  @Test
  void streamsToAClientThatTrustsTheCertificate() throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build();

    HttpResponse<String> answer = client.send(message(), HttpResponse.BodyHandlers.ofString());

    assertThat(caravan.url()).startsWith("https://");
    assertThat(answer.body()).contains("safely").contains("event: message_stop\n");
    assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
  }

  @Test
  void isNotTrustedByAnyoneElse() {
    assertThatThrownBy(
            () -> HttpClient.newHttpClient().send(message(), HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void answersNoRequestWithoutTls() throws Exception {
    try (RawClient client = RawClient.connect(URI.create(caravan.url()).getPort())) {
      client.write("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");

      assertThat(client.readAll()).doesNotContain("HTTP/1.1").doesNotContain("claude");
    }
  }

  @Test
  void isKnownToTheDoctorAsTheOneThatHasThePort() throws Exception {
    Map<String, String> settings = new HashMap<>(settings());
    int port = URI.create(caravan.url()).getPort();
    settings.put("CARAVAN_PORT", String.valueOf(port));

    OneRun run = OneRun.of(directory, settings, "doctor", "--config", ".");

    assertThat(run.output()).contains("127.0.0.1:" + port + " is taken, by Caravan");
  }

  @Test
  void keepsThePasswordOutOfTheLog() throws Exception {
    assertThat(Files.readString(caravan.log())).doesNotContain(PASSWORD);
  }

  private static HttpRequest message() {
    return HttpRequest.newBuilder(URI.create(caravan.url() + "/v1/messages"))
        .header("content-type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":true,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
        .build();
  }

  private static SSLContext trusting() throws IOException, GeneralSecurityException {
    KeyStore certificates = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("caravan.p12"))) {
      certificates.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("caravan", certificates.getCertificate("caravan"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
