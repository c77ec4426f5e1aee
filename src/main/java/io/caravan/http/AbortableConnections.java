package io.caravan.http;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Connections whose setup ends when their call is aborted. HttpClient closes the socket that is
 * connecting, takes that for a failure of one address and continues with the host's next, which
 * leaves a connection without an owner. So each step checks for an abort first.
 */
final class AbortableConnections extends PoolingHttpClientConnectionManagerBuilder {
  private static final String ABORTED = "caravan.aborted";

  private final DetachedSocketFactory sockets;

  AbortableConnections(DetachedSocketFactory sockets) {
    this.sockets = sockets;
  }

  /** Sets the condition that reports whether the context's call has been aborted. */
  static void unless(BooleanSupplier aborted, HttpContext context) {
    context.setAttribute(ABORTED, aborted);
  }

  @Override
  protected HttpClientConnectionOperator createConnectionOperator(
      SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
    return new Operator(sockets, ports, names, tls);
  }

  private static final class Operator extends DefaultHttpClientConnectionOperator {
    Operator(
        DetachedSocketFactory sockets,
        SchemePortResolver ports,
        DnsResolver names,
        TlsSocketStrategy tls) {
      super(
          sockets,
          ports,
          names,
          RegistryBuilder.<TlsSocketStrategy>create().register(URIScheme.HTTPS.id, tls).build());
    }

    @Override
    protected void onBeforeSocketConnect(HttpContext context, HttpHost host) {
      check(context);
    }

    @Override
    protected void onAfterSocketConnect(HttpContext context, HttpHost host) {
      check(context);
    }

    @Override
    protected void onAfterTlsHandshake(HttpContext context, HttpHost host) {
      check(context);
    }

    private static void check(HttpContext context) {
      if (context.getAttribute(ABORTED) instanceof BooleanSupplier aborted
          && aborted.getAsBoolean()) {
        throw new CancellationException("The call was aborted while it connected");
      }
    }
  }
}
