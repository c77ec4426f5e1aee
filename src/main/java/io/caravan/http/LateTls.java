package io.caravan.http;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.ssl.SSLInitializationException;

/**
 * HttpClient's TLS, set up by the first connection that has it. The JDK reads its certificates for
 * it, which takes a twentieth of a start; a model server in the house speaks plain HTTP.
 */
final class LateTls implements TlsSocketStrategy {
  private TlsSocketStrategy tls;

  @Override
  public SSLSocket upgrade(
      Socket socket, String target, int port, Object attachment, HttpContext context)
      throws IOException {
    return tls().upgrade(socket, target, port, attachment, context);
  }

  /**
   * @throws SSLException if the JDK's trust store can't be read; the next connection tries again
   */
  private synchronized TlsSocketStrategy tls() throws SSLException {
    if (tls == null) {
      try {
        tls = DefaultClientTlsStrategy.createDefault();
      } catch (SSLInitializationException e) {
        throw new SSLException(e.getMessage(), e);
      }
    }
    return tls;
  }
}
