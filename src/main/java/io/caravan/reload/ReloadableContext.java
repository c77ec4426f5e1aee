package io.caravan.reload;

import java.util.List;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Route;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultRouteStartupOrder;
import org.apache.camel.impl.engine.RouteService;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.ClassResolver;
import org.apache.camel.spi.LifecycleStrategy;

/**
 * A context from which a route can be taken without stopping it. Camel itself stops a route's steps
 * before it forgets the route, and a stopped step refuses the requests that are in it.
 */
final class ReloadableContext extends DefaultCamelContext {
  private final EditableBeans beans;

  ReloadableContext(EditableBeans beans) {
    super(false);
    this.beans = beans;
  }

  EditableBeans beans() {
    return beans;
  }

  @Override
  protected ClassResolver createClassResolver() {
    return new JarClassResolver(getCamelContextReference());
  }

  /** Each route that is added is removed first, for which Camel gathers the endpoints of all. */
  @Override
  protected boolean removeRoute(String id, LoggingLevel level) throws Exception {
    return getRouteServices().containsKey(id) && super.removeRoute(id, level);
  }

  /**
   * Forgets a route, whose steps and consumer go on.
   *
   * @param id the id of a route of this context
   */
  DetachedRoute detach(String id) {
    getLock().lock();
    try {
      RouteService service = getRouteServices().remove(id);
      RouteDefinition definition = getRouteDefinition(id);
      getCamelContextExtension().removeRoute(service.getRoute());
      getCamelContextExtension()
          .getRouteStartupOrder()
          .removeIf(order -> order.getRoute().getId().equals(id));
      List<Route> routes = List.of(service.getRoute());
      for (LifecycleStrategy strategy : getLifecycleStrategies()) {
        strategy.onRoutesRemove(routes);
      }
      return new DetachedRoute(service, definition);
    } finally {
      getLock().unlock();
    }
  }

  /** Takes a route back that was detached, if none has taken its id since. */
  void attach(DetachedRoute detached) throws Exception {
    RouteService service = detached.service();
    Route route = service.getRoute();
    getLock().lock();
    try {
      if (getRouteServices().putIfAbsent(route.getId(), service) != null) {
        return;
      }
      getCamelContextExtension().addRoute(route);
      Integer order = route.getStartupOrder();
      getCamelContextExtension()
          .getRouteStartupOrder()
          .add(new DefaultRouteStartupOrder(order == null ? 1 : order, route, service));
      if (detached.definition() != null && getRouteDefinition(route.getId()) == null) {
        getRouteDefinitions().add(detached.definition());
      }
      for (LifecycleStrategy strategy : getLifecycleStrategies()) {
        strategy.onRoutesAdd(List.of(route));
      }
    } finally {
      getLock().unlock();
    }
  }
}
