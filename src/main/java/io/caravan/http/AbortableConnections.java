package io.caravan.http;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Connections whose setting up ends when their call is broken off. HttpClient closes the socket
 * that is being connected, takes that for a failure of this one address and goes on with the host's
 * next; what it opens then belongs to nobody. So each step asks first.
 */
final class AbortableConnections extends PoolingHttpClientConnectionManagerBuilder {
  private static final String ABORTED = "caravan.aborted";

  /** Names what tells whether the call of this context has been broken off. */
  static void unless(BooleanSupplier aborted, HttpContext context) {
    context.setAttribute(ABORTED, aborted);
  }

  @Override
  protected HttpClientConnectionOperator createConnectionOperator(
      SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
    return new Operator(ports, names, tls);
  }

  private static final class Operator extends DefaultHttpClientConnectionOperator {
    Operator(SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
      super(
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
        throw new CancellationException("the call was broken off while it was being connected");
      }
    }
  }
}
