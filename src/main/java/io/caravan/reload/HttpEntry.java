package io.caravan.reload;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumerAware;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * The entry of a route that serves HTTP. Once the route has been exchanged, it hands on the
 * requests whose bodies were still arriving.
 */
final class HttpEntry extends VertxPlatformHttpConsumer {
  private final String routerName;
  private final List<Route> routes = new ArrayList<>();
  private final AtomicInteger requests;
  private volatile HttpEntry successor;
  private volatile boolean closed;

  private HttpEntry(
      PlatformHttpEndpoint endpoint,
      Processor processor,
      AtomicInteger requests,
      List<Handler<RoutingContext>> handlers,
      String routerName) {
    super(endpoint, processor, handlers, routerName);
    this.requests = requests;
    this.routerName = routerName;
  }

  /** Makes the entries. Camel looks for an engine in the registry before it makes its own. */
  static final class Engine extends VertxPlatformHttpEngine {
    /** The name under which Camel looks for it. */
    static final String NAME = PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME;

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor steps) {
      AtomicInteger requests = new AtomicInteger();
      return new HttpEntry(
          endpoint,
          exchange -> {
            try {
              steps.process(exchange);
            } finally {
              requests.decrementAndGet();
            }
          },
          requests,
          getHandlers(),
          VertxPlatformHttpRouter.getRouterNameFromPort(getServerPort()));
    }
  }

  /** Returns the entry of a route; null if the route serves no HTTP. */
  static HttpEntry of(org.apache.camel.Route route) {
    return route != null
            && route.getConsumer() instanceof PlatformHttpConsumerAware consumer
            && consumer.getPlatformHttpConsumer() instanceof HttpEntry entry
        ? entry
        : null;
  }

  /** Returns the number of requests that wait for the route's steps or are in them. */
  int requests() {
    return requests.get();
  }

  /**
   * Takes no request any more.
   *
   * @param next the entry that takes them; null if the path is gone
   */
  void close(HttpEntry next) {
    successor = next;
    closed = true;
    routes.forEach(Route::remove);
  }

  @Override
  protected void doStart() throws Exception {
    VertxPlatformHttpRouter router = router();
    Set<Route> others = Collections.newSetFromMap(new IdentityHashMap<>());
    others.addAll(router.getRoutes());
    super.doStart();
    router.getRoutes().stream().filter(route -> !others.contains(route)).forEach(routes::add);
  }

  private VertxPlatformHttpRouter router() {
    VertxPlatformHttpRouter router =
        VertxPlatformHttpRouter.lookup(getEndpoint().getCamelContext(), routerName);
    return router != null
        ? router
        : VertxPlatformHttpRouter.lookup(
            getEndpoint().getCamelContext(),
            VertxPlatformHttpRouter.PLATFORM_HTTP_ROUTER_NAME_ZERO);
  }

  @Override
  protected Future<Void> processHttpRequest(Exchange exchange, RoutingContext context) {
    return super.processHttpRequest(exchange, context)
        .onFailure(error -> requests.decrementAndGet());
  }

  @Override
  protected void handleRequest(RoutingContext context) {
    if (!closed) {
      requests.incrementAndGet();
      super.handleRequest(context);
    } else if (successor != null) {
      // The router offers a request only to the routes of the time at which its head arrived.
      successor.handleRequest(context);
    } else {
      context.next();
    }
  }
}
