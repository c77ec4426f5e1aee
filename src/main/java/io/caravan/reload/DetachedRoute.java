package io.caravan.reload;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.DefaultPlatformHttpConsumer;
import org.apache.camel.impl.engine.RouteService;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.service.ServiceHelper;

/** A route that the context has forgotten and whose steps still work for what is under way. */
final class DetachedRoute {
  private final RouteService service;
  private final RouteDefinition definition;
  private final Endpoint endpoint;
  private final Consumer consumer;

  DetachedRoute(RouteService service, RouteDefinition definition) {
    this.service = service;
    this.definition = definition;
    this.endpoint = service.getRoute().getEndpoint();
    this.consumer = service.getRoute().getConsumer();
  }

  RouteService service() {
    return service;
  }

  RouteDefinition definition() {
    return definition;
  }

  Route route() {
    return service.getRoute();
  }

  /**
   * Lets another consumer have an endpoint that takes one alone. A producer waits for the moment
   * between the two.
   */
  void stepAside(Endpoint wanted) {
    if (HttpEntry.of(route()) == null
        && wanted.getEndpointUri().equals(endpoint.getEndpointUri())) {
      ServiceHelper.suspendService(consumer);
    }
  }

  /** Takes exchanges again, if it has stepped aside. */
  void resume() {
    ServiceHelper.resumeService(consumer);
  }

  /** Returns whether nothing is in it or waits for it. */
  boolean isIdle() {
    HttpEntry entry = HttpEntry.of(route());
    return InFlight.in(route()) == 0
        && (entry == null || entry.requests() == 0)
        && services().stream()
            .flatMap(each -> ServiceHelper.getChildServices(each).stream())
            .noneMatch(each -> each instanceof ShutdownAware aware && waits(aware));
  }

  /** A wire tap, for example, has exchanges that have not begun. */
  private static boolean waits(ShutdownAware service) {
    return service.getPendingExchangesSize() > 0;
  }

  /** Stops its steps for good. */
  void stop(CamelContext context) {
    List<Service> services = services();
    boolean replaced = context.getRoute(route().getId()) != null;
    if (replaced && consumer instanceof DefaultPlatformHttpConsumer http) {
      // Else the path would be taken from the list that has it for the new route.
      http.setRegister(false);
    }
    service.stop();
    ServiceHelper.stopAndShutdownServices(services);
    if (!replaced) {
      forgetEndpoint(context);
      context.getInflightRepository().removeRoute(route().getId());
    }
  }

  /** A step that calls a route by a name asks whether the name has an endpoint. */
  void forgetEndpoint(CamelContext context) {
    if (context.getRoutes().stream().noneMatch(each -> each.getEndpoint() == endpoint)) {
      try {
        context.removeEndpoint(endpoint);
      } catch (Exception e) {
        throw RuntimeCamelException.wrapRuntimeException(e);
      }
    }
  }

  private List<Service> services() {
    List<Service> services = new ArrayList<>(route().getServices());
    List<Processor> handlers = new ArrayList<>(route().getOnExceptions());
    handlers.addAll(route().getOnCompletions());
    for (Processor handler : handlers) {
      if (handler instanceof Service each) {
        services.add(each);
      }
    }
    return services;
  }
}
