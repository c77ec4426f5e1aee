package io.caravan.fetch;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names to addresses that may be reached. The client connects to what is returned here, so
 * a name server that gives another address a moment later (rebinding) has no effect.
 */
final class GuardedNames implements DnsResolver {
  /** Each unreachable address takes a connect timeout. */
  private static final int MOST = 4;

  private final DnsResolver names;
  private final AddressGuard guard;
  private final HostList privateHosts;

  GuardedNames(DnsResolver names, AddressGuard guard, HostList privateHosts) {
    this.names = names;
    this.guard = guard;
    this.privateHosts = privateHosts;
  }

  /** The client calls the method with the port; this one knows none. */
  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    return resolved(host, -1);
  }

  @Override
  public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
    return Arrays.stream(resolved(host, port))
        .map(address -> new InetSocketAddress(address, port))
        .toList();
  }

  private InetAddress[] resolved(String host, int port) throws UnknownHostException {
    InetAddress[] found = names.resolve(host);
    // One address inside is enough: a public one beside it may be there to pass the check.
    if (!privateHosts.contains(host, port) && !Arrays.stream(found).allMatch(guard::isPublic)) {
      throw new RefusedException(host);
    }
    return found.length > MOST ? Arrays.copyOf(found, MOST) : found;
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  /** Thrown if a name has an address that may not be reached. */
  static final class RefusedException extends UnknownHostException {
    RefusedException(String host) {
      super(host);
    }
  }
}
