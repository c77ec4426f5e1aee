package io.caravan.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.HttpConnectionFactory;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes connections that log nothing of what they carry. The library's own connections write each
 * header and each byte to {@code org.apache.hc.client5.http.headers} and {@code .wire} at debug,
 * and thus the upstream's key, the prompt and the completion. Here there is no logger to switch on,
 * whatever the logging framework and its configuration.
 */
final class QuietConnections implements HttpConnectionFactory<ManagedHttpClientConnection> {
  private final Http1Config config;
  private final HttpMessageParserFactory<ClassicHttpResponse> responses;

  QuietConnections(Http1Config config, HttpMessageParserFactory<ClassicHttpResponse> responses) {
    this.config = config;
    this.responses = responses;
  }

  @Override
  public ManagedHttpClientConnection createConnection(Socket socket) throws IOException {
    Quiet connection = new Quiet(config, responses);
    if (socket != null) {
      connection.bind(socket);
    }
    return connection;
  }

  /** The same as the library's DefaultManagedHttpClientConnection, which is not open to others. */
  private static final class Quiet extends DefaultBHttpClientConnection
      implements ManagedHttpClientConnection {
    private final AtomicBoolean closed = new AtomicBoolean();
    private Timeout socketTimeout = Timeout.DISABLED;

    Quiet(Http1Config config, HttpMessageParserFactory<ClassicHttpResponse> responses) {
      super(config, null, null, null, null, null, responses);
    }

    @Override
    protected void bind(SocketHolder holder) throws IOException {
      if (closed.get()) {
        holder.getSocket().close();
        throw new InterruptedIOException("The connection was closed while it was made");
      }
      super.bind(holder);
      socketTimeout = Timeout.ofMilliseconds(holder.getSocket().getSoTimeout());
    }

    @Override
    public void bind(Socket socket) throws IOException {
      bind(new SocketHolder(socket));
    }

    @Override
    public void bind(SSLSocket tls, Socket base) throws IOException {
      bind(new SocketHolder(tls, base));
    }

    @Override
    public Socket getSocket() {
      SocketHolder holder = getSocketHolder();
      return holder == null ? null : holder.getSocket();
    }

    @Override
    public SSLSession getSSLSession() {
      return getSocket() instanceof SSLSocket tls ? tls.getSession() : null;
    }

    @Override
    public void setSocketTimeout(Timeout timeout) {
      super.setSocketTimeout(timeout);
      socketTimeout = timeout;
    }

    @Override
    public void passivate() {
      super.setSocketTimeout(Timeout.ZERO_MILLISECONDS);
    }

    @Override
    public void activate() {
      super.setSocketTimeout(socketTimeout);
    }

    @Override
    public void close() throws IOException {
      if (closed.compareAndSet(false, true)) {
        super.close();
      }
    }

    @Override
    public void close(CloseMode mode) {
      if (closed.compareAndSet(false, true)) {
        super.close(mode);
      }
    }
  }
}
