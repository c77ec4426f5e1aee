package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.VertxInternal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
  private static final int MANAGEMENT_WORKERS = 4;

  private final Connections connections = new Connections();
  private final Workers workers = new Workers();
  private final WaitingWrites waiting = new WaitingWrites();
  private int maxHeaderSize = 32 * 1024;
  private BrowserGuard managementGuard = new BrowserGuard("localhost");
  private Vertx vertx;
  private WorkerExecutor managementWorkers;
  private volatile int heldPort;
  private volatile Supplier<Future<HttpServer>> heldBack;

  /** True while this thread handles the head of a request for health or metrics. */
  private final ThreadLocal<Boolean> management = ThreadLocal.withInitial(() -> false);

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

  /**
   * Sets the most open connections of clients; a further one is closed at once. It is lowered to
   * those whose heads fit into a quarter of the heap.
   */
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

  /**
   * Sets the host names by which health and metrics may be requested, comma-separated and without
   * ports; {@code *} is any. An address is always taken: the probes of Kubernetes and Prometheus
   * name the pod's, and a web page can't have one as a name of its own.
   */
  public void setManagementHosts(String managementHosts) {
    managementGuard = new BrowserGuard(managementHosts);
  }

  /**
   * Sets the most bytes that wait for clients to read them, in all responses and with what they
   * were made of; at 0 an eighth of the heap. A client for which more would wait is disconnected at
   * once.
   */
  public void setMaxBytesWaiting(long maxBytesWaiting) {
    waiting.setMaximum(maxBytesWaiting);
  }

  /**
   * Listens for clients. Camel starts its server before the routes, and would tell early clients
   * that there is no such path; so this is called when requests can be answered.
   *
   * @return false if it was not held back, and nobody knows whether it listens
   * @throws CompletionException if the address can't be listened on
   */
  public boolean listen() {
    if (heldBack != null) {
      heldBack.get().toCompletionStage().toCompletableFuture().join();
    }
    return heldBack != null;
  }

  Workers workers() {
    return workers;
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
    if (options == null) {
      options = new VertxOptions();
    }
    vertx = Vertx.vertx(options);
    workers.setSize(WorkerThreads.areVirtual() ? 0 : options.getWorkerPoolSize());
    // Health and metrics have threads of their own: they must respond while all others are busy.
    managementWorkers = vertx.createSharedWorkerExecutor("caravan-management", MANAGEMENT_WORKERS);
    context.getRegistry().bind("caravanVertx", limiting((VertxInternal) vertx));
    context.addLifecycleStrategy(
        new LifecycleStrategySupport() {
          @Override
          public void onContextStopped(CamelContext stopped) {
            vertx.close().toCompletionStage().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS);
          }
        });
  }

  /** Returns a proxy of Vert.x that only changes the servers it makes, and where they work. */
  private Vertx limiting(VertxInternal real) {
    return proxy(
        VertxInternal.class,
        (method, arguments) -> {
          if (method.getName().equals("createHttpServer")
              && arguments != null
              && arguments[0] instanceof HttpServerOptions options) {
            return newServer(real, options);
          }
          if (method.getName().equals("executeBlocking") && management.get()) {
            return WorkerExecutor.class
                .getMethod(method.getName(), method.getParameterTypes())
                .invoke(managementWorkers, arguments);
          }
          return method.invoke(real, arguments);
        });
  }

  private HttpServer newServer(Vertx real, HttpServerOptions options) {
    // HTTP/1.1 only: the clients need no more, and the limits are by connection.
    options.setMaxHeaderSize(maxHeaderSize).setHttp2ClearTextEnabled(false);
    // Nor WebSockets, whose compression would look at each request and response.
    options.setPerFrameWebSocketCompressionSupported(false);
    options.setPerMessageWebSocketCompressionSupported(false);
    if (toBeMade.poll() == Kind.MANAGEMENT) {
      // This server has no streams.
      HttpServer server = real.createHttpServer(options.setIdleTimeout(MANAGEMENT_IDLE_SECONDS));
      return guarded(server.invalidRequestHandler(this::malformed), this::handleManagement);
    }
    connections.limitHeads(maxHeaderSize);
    connections.watch(real);
    return heldBack(
        guarded(
            real.createHttpServer(options)
                .connectionHandler(
                    connection -> {
                      HeadDecoder.install(connection, options);
                      connections.opened(connection);
                    })
                .invalidRequestHandler(this::malformed),
            this::handleClient));
  }

  /**
   * Returns a server that only says that it listens, and does so when {@link #listen} is called. A
   * port that the system chooses is known no sooner than it is listened on.
   */
  @SuppressWarnings("unchecked")
  private HttpServer heldBack(HttpServer real) {
    return proxy(
        HttpServer.class,
        (method, arguments) -> {
          if (method.getName().equals("actualPort") && heldPort != 0) {
            return heldPort;
          }
          if (!method.getName().equals("listen") || arguments[0].equals(0)) {
            return method.invoke(real, arguments);
          }
          heldPort = (int) arguments[0];
          heldBack = () -> real.listen(heldPort, (String) arguments[1]);
          ((Handler<AsyncResult<HttpServer>>) arguments[2]).handle(Future.succeededFuture(real));
          return real;
        });
  }

  private void handleClient(HttpServerRequest request, Handler<HttpServerRequest> next) {
    RequestHead.readType(request);
    next.handle(CountedRequest.wrap(request, waiting));
  }

  private void handleManagement(HttpServerRequest request, Handler<HttpServerRequest> next) {
    String host = request.getHeader("host");
    String origin = request.getHeader("origin");
    if (BrowserGuard.isAddress(host)) {
      BrowserGuard.checkOrigin(host, origin);
    } else {
      managementGuard.check(host, origin);
    }
    management.set(true);
    try {
      next.handle(request);
    } finally {
      management.set(false);
    }
  }

  /** Returns a server that checks the head of each request before its router sees it. */
  @SuppressWarnings("unchecked")
  private HttpServer guarded(HttpServer real, Front front) {
    return proxy(
        HttpServer.class,
        (method, arguments) -> {
          if (method.getName().equals("requestHandler") && arguments != null) {
            Handler<HttpServerRequest> router = (Handler<HttpServerRequest>) arguments[0];
            return real.requestHandler(request -> checked(request, router, front));
          }
          return method.invoke(real, arguments);
        });
  }

  private void malformed(HttpServerRequest request) {
    // What follows a request in doubt may be the rest of it.
    if (!connections.hadLastAnswer(request.connection())) {
      JsonErrorPages.malformed(request);
    }
  }

  private void checked(HttpServerRequest request, Handler<HttpServerRequest> router, Front front) {
    if (connections.hadLastAnswer(request.connection())) {
      return;
    }
    try {
      RequestHead.check(request);
      front.handle(request, router);
    } catch (AnthropicException e) {
      connections.lastAnswer(request.connection());
      JsonErrorPages.refuse(request, e);
    }
  }

  /** Stands before a router. */
  @FunctionalInterface
  private interface Front {
    void handle(HttpServerRequest request, Handler<HttpServerRequest> router);
  }

  /** A call of a method of a proxied object. */
  @FunctionalInterface
  private interface Call {
    Object of(Method method, Object[] arguments) throws ReflectiveOperationException;
  }

  /** Returns a proxy, also from those methods by which an object returns itself. */
  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            HttpServers.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                Object result = call.of(method, arguments);
                return type.isInstance(result) ? self : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
