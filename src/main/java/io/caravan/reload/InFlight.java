package io.caravan.reload;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;

/**
 * Counts the exchanges in one route. Camel counts by the id of the route, which an old and a new
 * route share.
 */
final class InFlight implements RoutePolicy {
  private final AtomicInteger exchanges = new AtomicInteger();

  private InFlight() {}

  /** Counts in every route but those of Kamelets, which are not exchanged. */
  static final class Factory implements RoutePolicyFactory {
    @Override
    public RoutePolicy createRoutePolicy(CamelContext context, String id, NamedNode route) {
      return route instanceof RouteDefinition definition
              && Boolean.TRUE.equals(definition.isKamelet())
          ? null
          : new InFlight();
    }
  }

  /** Returns the number of exchanges in a route. */
  static int in(Route route) {
    return route.getRoutePolicyList().stream()
        .mapToInt(policy -> policy instanceof InFlight counted ? counted.exchanges.get() : 0)
        .sum();
  }

  @Override
  public void onExchangeBegin(Route route, Exchange exchange) {
    exchanges.incrementAndGet();
  }

  @Override
  public void onExchangeDone(Route route, Exchange exchange) {
    exchanges.decrementAndGet();
  }

  @Override
  public void onInit(Route route) {
    // Nothing is under way yet.
  }

  @Override
  public void onRemove(Route route) {
    // What is under way still counts.
  }

  @Override
  public void onStart(Route route) {
    // Exchanges count as they begin.
  }

  @Override
  public void onStop(Route route) {
    // What is under way still counts.
  }

  @Override
  public void onSuspend(Route route) {
    // What is under way still counts.
  }

  @Override
  public void onResume(Route route) {
    // Exchanges count as they begin.
  }
}
