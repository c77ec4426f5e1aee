package io.caravan.reload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.support.LifecycleStrategySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes that edits have replaced. Each is stopped once nothing has been in it for a while. */
final class RetiredRoutes extends LifecycleStrategySupport {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  /**
   * The seconds for which a route must have been idle: a step may just have chosen it for its next
   * exchange.
   */
  private static final int IDLE_SECONDS = 5;

  private final CamelContext context;

  /** The routes, with the seconds for which each has been idle. */
  private final Map<DetachedRoute, Integer> routes = new LinkedHashMap<>();

  private ScheduledExecutorService clock;

  RetiredRoutes(CamelContext context) {
    this.context = context;
  }

  /** Adds routes, before the new ones start. */
  synchronized void add(List<DetachedRoute> detached) {
    detached.forEach(route -> routes.put(route, 0));
    if (clock == null && !routes.isEmpty()) {
      clock =
          context
              .getExecutorServiceManager()
              .newSingleThreadScheduledExecutor(this, "caravan-retired-routes");
      var unused = clock.scheduleWithFixedDelay(this::stopIdle, 1, 1, TimeUnit.SECONDS);
    }
  }

  /** Gives a route back that is in force again. */
  synchronized void remove(DetachedRoute route) {
    routes.remove(route);
  }

  /** Returns the number of routes that have not been stopped. */
  synchronized int size() {
    return routes.size();
  }

  /** Before a new consumer starts, the old one of its endpoint steps aside. */
  @Override
  public void onServiceAdd(CamelContext camel, Service service, Route route) {
    if (service instanceof Consumer consumer) {
      retired().forEach(old -> old.stepAside(consumer.getEndpoint()));
    }
  }

  @Override
  public void onContextStopped(CamelContext camel) {
    retired().forEach(this::stop);
  }

  private synchronized List<DetachedRoute> retired() {
    return new ArrayList<>(routes.keySet());
  }

  private void stopIdle() {
    List<DetachedRoute> idle = new ArrayList<>();
    synchronized (this) {
      for (Map.Entry<DetachedRoute, Integer> route : routes.entrySet()) {
        route.setValue(route.getKey().isIdle() ? route.getValue() + 1 : 0);
        if (route.getValue() > IDLE_SECONDS) {
          idle.add(route.getKey());
        }
      }
    }
    idle.forEach(this::stop);
  }

  private void stop(DetachedRoute route) {
    remove(route);
    try {
      route.stop(context);
      LOG.debug("The route {} of before an edit has stopped", route.route().getId());
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("The route {} of before an edit did not stop", route.route().getId(), e);
    }
  }
}
