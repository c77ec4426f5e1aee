package io.caravan.launch;

import io.caravan.http.RunningGateway;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The command's calls to the gateway. */
final class GatewayClient {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int ANSWER_MILLIS = 10_000;
  private static final int MOST_BYTES = 64 * 1024;

  private final GatewaySettings settings;
  private final Secret secret;

  GatewayClient(GatewaySettings settings, Secret secret) {
    this.settings = settings;
    this.secret = secret;
  }

  /** Returns whether any program listens at the port. */
  boolean portIsTaken() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(settings.address(), settings.port()), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Asks the gateway for its facts, without sending any secret.
   *
   * @return null if it does not prove that it is one of the same user
   */
  GatewayFacts facts(String model) {
    String nonce = Secret.nonce();
    String address = Challenge.address(settings.address().getHostAddress(), settings.port());
    Challenge challenge = new Challenge(nonce, address);
    try {
      HttpURLConnection connection = open("/api/hello");
      connection.setRequestProperty(Challenge.CHALLENGE, challenge.header(secret));
      connection.setRequestProperty(Challenge.MODEL, model);
      connection.setReadTimeout(ANSWER_MILLIS);
      String body = body(connection);
      boolean proved =
          secret.signed(challenge.answer(body), connection.getHeaderField(Challenge.PROOF));
      return proved ? GatewayFacts.of(body) : null;
    } catch (IOException e) {
      return null;
    }
  }

  HttpURLConnection open(String path) throws IOException {
    HttpURLConnection connection =
        RunningGateway.open(settings.tls(), settings.host(), settings.port(), path);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setInstanceFollowRedirects(false);
    return connection;
  }

  /** Returns the response's body, of an error too. */
  static String body(HttpURLConnection connection) throws IOException {
    boolean error = connection.getResponseCode() >= HttpURLConnection.HTTP_BAD_REQUEST;
    try (InputStream in = error ? connection.getErrorStream() : connection.getInputStream()) {
      return in == null ? "" : new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }
  }
}
