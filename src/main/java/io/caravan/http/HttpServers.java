package io.caravan.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.apache.camel.main.MainHttpServerFactory;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Makes Camel Main's HTTP servers with limits on their connections. Camel makes Vert.x' options
 * itself and sets only TLS, so this class gives it a Vert.x that adds the rest. Camel looks for a
 * factory in the registry before it makes its own.
 *
 * <p>Where another runtime has the server (Quarkus), Camel's factory is not on the class path and
 * this one is not used.
 */
public final class HttpServers implements MainHttpServerFactory {
  private static final int MANAGEMENT_IDLE_SECONDS = 60;

  private final Connections connections = new Connections();
  private int maxHeaderSize = 32 * 1024;
  private Vertx vertx;

  /** The servers that Camel has asked for, in the order in which it will start them. */
  private final Queue<Kind> toBeMade = new ArrayDeque<>();

  private enum Kind {
    CLIENTS,
    MANAGEMENT
  }

  /**
   * Sets the most bytes of all headers of a request; Vert.x' limit of 8 KiB is less than proxies'.
   */
  public void setMaxHeaderSize(int maxHeaderSize) {
    this.maxHeaderSize = maxHeaderSize;
  }

  /** Sets the most open connections of clients; a further one is closed at once. */
  public void setMaxConnections(int maxConnections) {
    connections.setMaximum(maxConnections);
  }

  /** Sets the milliseconds that a new connection has to send the head of its first request. */
  public void setHeadTimeoutMillis(long headTimeoutMillis) {
    connections.setHeadTimeoutMillis(headTimeoutMillis);
  }

  /** Sets the milliseconds that a connection may stay open without a request. */
  public void setIdleTimeoutMillis(long idleTimeoutMillis) {
    connections.setIdleTimeoutMillis(idleTimeoutMillis);
  }

  /** Returns the connections of clients. */
  public Connections connections() {
    return connections;
  }

  @Override
  public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties settings) {
    bindVertx(context);
    toBeMade.add(Kind.CLIENTS);
    return camels().newHttpServer(context, settings);
  }

  @Override
  public Service newHttpManagementServer(
      CamelContext context, HttpManagementServerConfigurationProperties settings) {
    bindVertx(context);
    toBeMade.add(Kind.MANAGEMENT);
    return camels().newHttpManagementServer(context, settings);
  }

  private static MainHttpServerFactory camels() {
    return new DefaultMainHttpServerFactory();
  }

  /** Binds the Vert.x that both servers find in the registry. */
  private void bindVertx(CamelContext context) {
    if (vertx != null) {
      return;
    }
    VertxOptions options = context.getRegistry().findSingleByType(VertxOptions.class);
    vertx = options == null ? Vertx.vertx() : Vertx.vertx(options);
    context.getRegistry().bind("caravanVertx", limiting((VertxInternal) vertx));
    context.addLifecycleStrategy(
        new LifecycleStrategySupport() {
          @Override
          public void onContextStopped(CamelContext stopped) {
            vertx.close().toCompletionStage().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS);
          }
        });
  }

  /** Returns a proxy of Vert.x that only changes the servers it makes. */
  private Vertx limiting(VertxInternal real) {
    return (Vertx)
        Proxy.newProxyInstance(
            HttpServers.class.getClassLoader(),
            new Class<?>[] {VertxInternal.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("createHttpServer")
                  && arguments != null
                  && arguments[0] instanceof HttpServerOptions options) {
                return newServer(real, options);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private HttpServer newServer(Vertx real, HttpServerOptions options) {
    // HTTP/1.1 only: the clients need no more, and the limits are by connection.
    options.setMaxHeaderSize(maxHeaderSize).setHttp2ClearTextEnabled(false);
    if (toBeMade.poll() == Kind.MANAGEMENT) {
      // This server has no streams.
      return real.createHttpServer(options.setIdleTimeout(MANAGEMENT_IDLE_SECONDS));
    }
    connections.watch(real);
    return real.createHttpServer(options)
        .connectionHandler(connections::opened)
        .invalidRequestHandler(JsonErrorPages::malformed);
  }
}
