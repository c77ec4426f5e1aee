package io.caravan.fetch;

import io.caravan.fetch.FetchException.Reason;
import io.caravan.http.AbortReason;
import io.caravan.http.ClientResponse;
import io.caravan.http.Timeouts;
import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamHttp;
import io.caravan.http.UpstreamIoException;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.core5.http.ContentType;

/**
 * Fetches URLs of the public internet within limits. Addresses inside the operator's network are
 * not reached, by no name, redirect or form of writing. Nothing is opened before the first fetch.
 *
 * <p>Behind a proxy the proxy resolves names, and nobody can check what it finds: there, only hosts
 * of a list are fetched.
 */
public final class GuardedFetch implements AutoCloseable {
  private static final int MOST_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private HostList allowedHosts = HostList.of("");
  private HostList privateHosts = HostList.of("");
  private String proxy = "";
  private DnsResolver names = SystemDefaultDnsResolver.INSTANCE;
  private AddressGuard guard = new AddressGuard();
  private UpstreamHttp direct;
  private UpstreamHttp proxied;

  /**
   * Sets the hosts that may be fetched, comma-separated: {@code example.com}, {@code
   * *.example.com}; empty for any that is public.
   */
  public void setAllowedHosts(String allowedHosts) {
    this.allowedHosts = HostList.of(allowedHosts);
  }

  /**
   * Sets the hosts that may be fetched although their addresses are inside the operator's network,
   * comma-separated: {@code wiki.example} or {@code wiki.example:8080}.
   */
  public void setPrivateHosts(String privateHosts) {
    this.privateHosts = HostList.of(privateHosts);
  }

  /** Sets a forward proxy, {@code http://host:port}; empty for that of the system, if any. */
  public void setProxy(String proxy) {
    this.proxy = proxy == null ? "" : proxy.strip();
  }

  void setNames(DnsResolver names) {
    this.names = names;
  }

  void setGuard(AddressGuard guard) {
    this.guard = guard;
  }

  /**
   * Fetches a URL that is a text, following redirects.
   *
   * @param client the response to the client for whom it is fetched; its end ends the fetch
   * @throws FetchException if the URL may not be fetched, or nothing of use came
   */
  public Fetched get(String url, FetchLimits limits, ClientResponse client) throws FetchException {
    try {
      return get(new URI(url.strip()), limits, client);
    } catch (URISyntaxException e) {
      throw new FetchException(Reason.INVALID_URL, "the URL can't be read", e);
    }
  }

  /** Fetches a URL for nobody who could leave. */
  public Fetched get(URI uri, FetchLimits limits) throws FetchException {
    return get(uri, limits, ClientResponse.NONE);
  }

  /**
   * Fetches a URL, following redirects.
   *
   * @param client the response to the client for whom it is fetched; its end ends the fetch
   * @throws FetchException if the URL may not be fetched, or nothing of use came
   */
  public Fetched get(URI uri, FetchLimits limits, ClientResponse client) throws FetchException {
    long end = System.nanoTime() + limits.timeout().toNanos();
    WebAddress address = WebAddress.of(uri);
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      URI next;
      try (UpstreamCall call = open(address, limits, end - System.nanoTime(), client)) {
        if (!REDIRECTS.contains(call.status())) {
          return content(address, call, limits);
        }
        next = location(address, call);
      } catch (UpstreamIoException e) {
        throw failure(address, e);
      }
      WebAddress target = WebAddress.of(next);
      if (address.isSecure() && !target.isSecure()) {
        throw new FetchException(
            Reason.NOT_ALLOWED, address.host() + " redirects from https to http");
      }
      address = target;
    }
    throw new FetchException(Reason.NOT_ACCESSIBLE, "more than 5 redirects");
  }

  private UpstreamCall open(
      WebAddress address, FetchLimits limits, long nanos, ClientResponse client)
      throws FetchException {
    if (nanos <= 0) {
      throw new FetchException(Reason.TIMEOUT, address.host() + " took too long");
    }
    UpstreamHttp http = http(address);
    Duration left = Duration.ofNanos(nanos);
    UpstreamCall call =
        http.get(
            address.uri().toString(),
            Map.of("Accept", String.join(", ", limits.mediaTypes())),
            new Timeouts(left, left, left, left));
    client.onClose(() -> call.abort(AbortReason.CLIENT_GONE));
    call.open();
    return call;
  }

  /** Returns the connections for an address that may be called as far as its name tells. */
  private UpstreamHttp http(WebAddress address) throws FetchException {
    boolean listed = allowedHosts.contains(address.host(), address.port());
    boolean inside = privateHosts.contains(address.host(), address.port());
    if (!allowedHosts.isEmpty() && !listed && !inside) {
      throw new FetchException(Reason.NOT_ALLOWED, address.host() + " is not in the list of hosts");
    }
    if (!isProxied(address.uri())) {
      return direct();
    }
    if (!listed && !inside) {
      throw new FetchException(
          Reason.NOT_ALLOWED, "behind a proxy, only hosts that the operator lists are fetched");
    }
    if (address.isLiteral() && !inside) {
      throw new FetchException(Reason.NOT_ALLOWED, "behind a proxy, no address is fetched");
    }
    return proxied();
  }

  private boolean isProxied(URI uri) {
    if (!proxy.isEmpty()) {
      return true;
    }
    ProxySelector system = ProxySelector.getDefault();
    return system != null
        && system.select(uri).stream().anyMatch(each -> each.type() != Proxy.Type.DIRECT);
  }

  private synchronized UpstreamHttp direct() {
    if (direct == null) {
      direct = new UpstreamHttp();
      direct.setSystemProxy(false);
      direct.setDnsResolver(new GuardedNames(names, guard, privateHosts));
    }
    return direct;
  }

  private synchronized UpstreamHttp proxied() {
    if (proxied == null) {
      proxied = new UpstreamHttp();
      proxied.setProxy(proxy);
    }
    return proxied;
  }

  private static URI location(WebAddress address, UpstreamCall call) throws FetchException {
    String location = call.header("location");
    try {
      if (location != null) {
        return address.uri().resolve(location.strip());
      }
    } catch (IllegalArgumentException e) {
      throw new FetchException(Reason.NOT_ACCESSIBLE, address.host() + " redirects to no URL", e);
    }
    throw new FetchException(Reason.NOT_ACCESSIBLE, address.host() + " redirects to nowhere");
  }

  private static Fetched content(WebAddress address, UpstreamCall call, FetchLimits limits)
      throws FetchException {
    int status = call.status();
    if (status < 200 || status > 299) {
      Reason reason = status == 429 ? Reason.TOO_MANY_REQUESTS : Reason.NOT_ACCESSIBLE;
      throw new FetchException(reason, address.host() + " answered with status " + status);
    }
    ContentType type = ContentType.parseLenient(call.header("content-type"));
    String mediaType = type == null ? "" : type.getMimeType().toLowerCase(Locale.ROOT);
    if (!limits.takes(mediaType)) {
      throw new FetchException(
          Reason.UNSUPPORTED_TYPE,
          mediaType.isEmpty() ? "the content has no type" : mediaType + " is not taken");
    }
    int most = limits.maxBytes(mediaType);
    byte[] bytes = call.readUpTo(most + 1);
    if (bytes.length > most) {
      throw new FetchException(Reason.TOO_LARGE, "the content has more than " + most + " bytes");
    }
    String charset = type.getCharset() == null ? null : type.getCharset().name();
    return new Fetched(bytes, mediaType, charset, address.uri());
  }

  private static FetchException failure(WebAddress address, UpstreamIoException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof GuardedNames.RefusedException) {
        return new FetchException(
            Reason.NOT_ALLOWED, address.host() + " is not on the public internet", e);
      }
    }
    boolean late =
        e.reason() == AbortReason.TOTAL_TIMEOUT
            || e.reason() == AbortReason.FIRST_BYTE_TIMEOUT
            || e.reason() == AbortReason.IDLE_TIMEOUT;
    return late
        ? new FetchException(Reason.TIMEOUT, address.host() + " took too long", e)
        : new FetchException(Reason.NOT_ACCESSIBLE, address.host() + " could not be reached", e);
  }

  @Override
  public synchronized void close() throws IOException {
    if (direct != null) {
      direct.close();
    }
    if (proxied != null) {
      proxied.close();
    }
  }
}
