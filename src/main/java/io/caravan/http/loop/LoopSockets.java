package io.caravan.http.loop;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import org.apache.hc.client5.http.io.DetachedSocketFactory;

/**
 * Makes the sockets of connections to upstreams: channels of the event loop that serves the client,
 * where the current thread can continue on it, and plain sockets elsewhere.
 */
public final class LoopSockets implements DetachedSocketFactory {
  private final boolean enabled;

  /**
   * Makes a factory.
   *
   * @param enabled false for plain sockets only
   */
  public LoopSockets(boolean enabled) {
    // Only the JDK's own sockets know the proxy of its property.
    this.enabled = enabled && System.getProperty("socksProxyHost") == null;
  }

  @Override
  public Socket create(Proxy socksProxy) throws IOException {
    if (socksProxy != null) {
      return new Socket(socksProxy);
    }
    boolean canContinue = enabled && LoopThread.current() != null;
    Context context = canContinue ? Vertx.currentContext() : null;
    return context instanceof ContextInternal loop
        ? new LoopSocket(loop.nettyEventLoop(), loop.owner().transport().channelFactory(false))
        : new Socket();
  }
}
