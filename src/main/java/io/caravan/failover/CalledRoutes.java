package io.caravan.failover;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeExtension;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Hands the failure of a called route to the {@code onException} of the route that calls it. The
 * error handler of a called route marks a failure that it doesn't handle as done with; the caller
 * would then pass it by, and the client would get an empty 500.
 *
 * <p>Only steps of routes that name a route configuration are looked after: those that retry, and
 * those that tell the client.
 */
public final class CalledRoutes implements InterceptStrategy {
  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode node, Processor target, Processor nextTarget) {
    return calls(node) && hasConfiguration(node) ? new Reopen(target) : target;
  }

  private static boolean calls(NamedNode node) {
    return node instanceof ToDefinition
        || (node instanceof ToDynamicDefinition && !(node instanceof WireTapDefinition<?>));
  }

  private static boolean hasConfiguration(NamedNode node) {
    RouteDefinition route = ProcessorDefinitionHelper.getRoute(node);
    return route != null && route.getRouteConfigurationId() != null;
  }

  private static final class Reopen extends DelegateAsyncProcessor {
    Reopen(Processor target) {
      super(AsyncProcessorConverterHelper.convert(target));
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      return super.process(
          exchange,
          doneSync -> {
            reopen(exchange.getExchangeExtension());
            callback.done(doneSync);
          });
    }

    /** A failure that the called route has handled ends the caller too, as Camel has it. */
    private static void reopen(ExchangeExtension marks) {
      if (!Boolean.TRUE.equals(marks.getErrorHandlerHandled())) {
        marks.setFailureHandled(false);
        marks.setErrorHandlerHandled(null);
        marks.setRedeliveryExhausted(false);
      }
    }
  }
}
