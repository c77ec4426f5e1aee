package io.caravan.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.http.loop.LoopSockets;
import io.caravan.json.RawJson;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The connections to the upstreams: one HttpClient 5 with its pool, shared by all providers.
 * camel-http uses the same client, but reads a response to its end when the client has left; here a
 * call can be aborted from any thread.
 */
public final class UpstreamHttp implements AutoCloseable {
  /** The URLs of providers' calls: there are few, and to parse one takes a microsecond. */
  private final Cache<String, URI> uris =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(100).build();

  /** Limits for the head, which the library does not set: an endless one would fill the memory. */
  private static final Http1Config HTTP1 =
      Http1Config.custom()
          .setBufferSize(4 * 1024)
          .setMaxLineLength(16 * 1024)
          .setMaxHeaderCount(200)
          .build();

  private static final Pattern PROXY =
      Pattern.compile("https?://(?:[^@/\\s]*@)?(?:\\[[0-9a-fA-F:.]+]|[^/:\\s]+)(?::\\d{1,5})?/?");

  private int connectTimeoutMillis = 5_000;
  private int maxConnections = 10_000;
  private int idleConnectionSeconds = 30;
  private String proxy = "";
  private String userAgent = "caravan";
  private boolean systemProxy = true;
  private boolean onEventLoop = true;
  private DnsResolver dnsResolver;
  private volatile boolean stopping;
  private PoolingHttpClientConnectionManager connections;
  private CloseableHttpClient client;
  private final Deadlines deadlines = new Deadlines();

  /** Sets the milliseconds that TCP and TLS may each take to connect. */
  public void setConnectTimeoutMillis(int connectTimeoutMillis) {
    this.connectTimeoutMillis = connectTimeoutMillis;
  }

  /** Sets the most open connections, to all upstreams together. */
  public void setMaxConnections(int maxConnections) {
    this.maxConnections = maxConnections;
  }

  /** Sets the seconds for which an unused connection is kept. */
  public void setIdleConnectionSeconds(int idleConnectionSeconds) {
    this.idleConnectionSeconds = idleConnectionSeconds;
  }

  /**
   * Sets a forward proxy, {@code http://host:port}; empty for none.
   *
   * @throws IllegalArgumentException if it has another form
   */
  public void setProxy(String proxy) {
    this.proxy = proxy == null ? "" : proxy.strip();
    if (!this.proxy.isEmpty() && !PROXY.matcher(this.proxy).matches()) {
      throw new IllegalArgumentException("a proxy must be http://host:port");
    }
  }

  /** Sets the User-Agent header of calls. */
  public void setUserAgent(String userAgent) {
    this.userAgent = userAgent;
  }

  /** Sets whether the JVM's proxy settings hold where no proxy is set; true by default. */
  public void setSystemProxy(boolean systemProxy) {
    this.systemProxy = systemProxy;
  }

  /**
   * Sets whether the parts of a stream are processed on the event loop that serves the client,
   * where Java can do that (24 or later); true by default.
   */
  public void setOnEventLoop(boolean onEventLoop) {
    this.onEventLoop = onEventLoop;
  }

  /**
   * Sets the resolver of host names, for addresses too. The client connects to what it returns, in
   * that order.
   */
  public void setDnsResolver(DnsResolver dnsResolver) {
    this.dnsResolver = dnsResolver;
  }

  /** Returns the clock that watches the calls. */
  public Deadlines deadlines() {
    return deadlines;
  }

  /** Aborts all open calls and all later ones. */
  public void stop() {
    stopping = true;
    deadlines.forEach(
        each -> {
          if (each instanceof UpstreamCall call) {
            call.abort(AbortReason.STOPPING);
          }
        });
  }

  /** Returns the number of connections by state, for metrics and tests. */
  public PoolStats poolStats() {
    client();
    return connections.getTotalStats();
  }

  /**
   * Prepares a POST with a JSON body.
   *
   * @param headers the headers beside content type and length
   */
  public UpstreamCall post(
      String url, Map<String, String> headers, RawJson body, Timeouts timeouts) {
    HttpPost post = new HttpPost(uris.get(url, URI::create));
    post.setEntity(
        new ByteArrayEntity(
            body.buffer(), body.offset(), body.length(), ContentType.APPLICATION_JSON));
    return call(post, headers, timeouts);
  }

  /**
   * Prepares a PUT.
   *
   * @param headers the headers, including the content type
   */
  public UpstreamCall put(String url, Map<String, String> headers, byte[] body, Timeouts timeouts) {
    HttpPut put = new HttpPut(URI.create(url));
    put.setEntity(new ByteArrayEntity(body, ContentType.parse(headers.get("Content-Type"))));
    return call(put, headers, timeouts);
  }

  /** Prepares a GET. */
  public UpstreamCall get(String url, Map<String, String> headers, Timeouts timeouts) {
    return call(new HttpGet(URI.create(url)), headers, timeouts);
  }

  /**
   * Connects to the host of a URL, and sends nothing.
   *
   * @return the failure, or null if there is none or a proxy stands between
   */
  public UpstreamIoException connectFailure(String url) {
    client();
    URI uri = URI.create(url);
    if (!proxy.isEmpty() || (systemProxy && isProxied(uri))) {
      return null;
    }
    boolean secure = uri.getScheme().equalsIgnoreCase("https");
    int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
    HttpHost host = new HttpHost(uri.getScheme(), uri.getHost(), port);
    Timeout timeout = Timeout.ofMilliseconds(connectTimeoutMillis);
    try {
      ConnectionEndpoint endpoint =
          connections.lease("connect", new HttpRoute(host, null, secure), null).get(timeout);
      try {
        connections.connect(endpoint, timeout, HttpClientContext.create());
        return null;
      } finally {
        endpoint.close(CloseMode.IMMEDIATE);
        connections.release(endpoint, null, TimeValue.ZERO_MILLISECONDS);
      }
    } catch (IOException e) {
      return new UpstreamIoException(null, false, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      return null;
    }
    return null;
  }

  private static boolean isProxied(URI uri) {
    ProxySelector selector = ProxySelector.getDefault();
    return selector != null
        && selector.select(uri).stream().anyMatch(each -> each.type() != Proxy.Type.DIRECT);
  }

  private UpstreamCall call(
      HttpUriRequestBase request, Map<String, String> headers, Timeouts timeouts) {
    headers.forEach(request::setHeader);
    // A compressed stream would be delayed until a block is full.
    request.setHeader("Accept-Encoding", "identity");
    UpstreamCall call = new UpstreamCall(client(), request, timeouts, deadlines);
    if (stopping) {
      call.abort(AbortReason.STOPPING);
    }
    return call;
  }

  private synchronized CloseableHttpClient client() {
    if (client == null) {
      connections = connectionManager();
      HttpClientBuilder builder =
          new DirectCalls()
              .setConnectionManager(connections)
              .setUserAgent(userAgent)
              .setDefaultRequestConfig(
                  RequestConfig.custom()
                      // The deadlines end a call. With a limit here as well, each read of a virtual
                      // thread would set and cancel a timer of the JVM, for a tenth of a small
                      // request's cost.
                      .setResponseTimeout(Timeout.DISABLED)
                      .setConnectionRequestTimeout(Timeout.ofMilliseconds(connectTimeoutMillis))
                      .build())
              // No connection belongs to a user: all calls have the gateway's own certificate.
              .disableConnectionState()
              .disableContentCompression()
              .disableCookieManagement()
              .disableRedirectHandling()
              .disableAuthCaching()
              // To the library a model call is not idempotent; UpstreamCall knows when it may be
              // repeated.
              .disableAutomaticRetries()
              .evictExpiredConnections()
              .evictIdleConnections(TimeValue.ofSeconds(idleConnectionSeconds));
      if (proxy.isEmpty() && systemProxy) {
        builder.useSystemProperties();
        builder.setRoutePlanner(new KnownRoutes(new SystemDefaultRoutePlanner(null)));
      } else if (!proxy.isEmpty()) {
        builder.setProxy(HttpHost.create(URI.create(proxy)));
      }
      client = builder.build();
    }
    return client;
  }

  private PoolingHttpClientConnectionManager connectionManager() {
    return new AbortableConnections(new LoopSockets(onEventLoop))
        .setDnsResolver(dnsResolver)
        .setTlsSocketStrategy(new LateTls())
        .setConnectionFactory(new QuietConnections(HTTP1, new ReadAheadResponses(HTTP1)))
        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
        .setMaxConnTotal(maxConnections)
        .setMaxConnPerRoute(maxConnections)
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(Timeout.ofMilliseconds(connectTimeoutMillis))
                .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                .setTimeToLive(TimeValue.of(30, TimeUnit.MINUTES))
                .build())
        .setDefaultTlsConfig(
            TlsConfig.custom()
                .setHandshakeTimeout(Timeout.ofMilliseconds(connectTimeoutMillis))
                .build())
        .setDefaultSocketConfig(
            SocketConfig.custom()
                .setTcpNoDelay(true)
                .setSoTimeout(Timeout.of(Duration.ofMinutes(10)))
                .build())
        .build();
  }

  @Override
  public void close() throws IOException {
    deadlines.close();
    synchronized (this) {
      if (client != null) {
        client.close();
      }
    }
  }
}
