package io.caravan.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import javax.net.ssl.HttpsURLConnection;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TrustAllStrategy;
import org.apache.hc.core5.ssl.SSLContexts;

/** Finds out which gateway listens at a port. */
public final class RunningGateway {
  /** The header with a gateway's identity, which distinguishes its process from any other. */
  public static final String INSTANCE = "caravan-instance";

  private static final int TIMEOUT_MILLIS = 5_000;

  private RunningGateway() {}

  /**
   * Asks a port for its gateway, without sending any secret.
   *
   * @param tls true if the port speaks TLS
   * @param host an address of this machine, or one that stands for all of them
   * @return the gateway's identity; null if none answers
   */
  public static String at(boolean tls, String host, int port) {
    try {
      InetAddress address = InetAddress.getByName(host);
      String reachable = address.isAnyLocalAddress() ? "127.0.0.1" : host;
      HttpURLConnection connection = open(tls, reachable, port, "/api/hello");
      connection.setRequestMethod("HEAD");
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      return connection.getHeaderField(INSTANCE);
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Opens a connection to a gateway of this machine, past any proxy and with any certificate: it is
   * for calls that have no secret, or whose gateway has proved itself.
   *
   * @param host a name or address, as it stands in a URL
   */
  public static HttpURLConnection open(boolean tls, String host, int port, String path)
      throws IOException {
    try {
      URI uri = new URI(tls ? "https" : "http", null, host, port, path, null, null);
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
      if (connection instanceof HttpsURLConnection secured) {
        trustAny(secured);
      }
      return connection;
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** Accepts any certificate: the request has no secret, and the answer identifies the gateway. */
  private static void trustAny(HttpsURLConnection connection) throws IOException {
    try {
      connection.setSSLSocketFactory(
          SSLContexts.custom()
              .loadTrustMaterial(TrustAllStrategy.INSTANCE)
              .build()
              .getSocketFactory());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    connection.setHostnameVerifier(NoopHostnameVerifier.INSTANCE);
  }
}
