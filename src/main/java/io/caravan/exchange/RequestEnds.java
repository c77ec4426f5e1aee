package io.caravan.exchange;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Makes the end of each request wait for the end of its exchange, so that a client that left is
 * recorded with what it was charged. The exchange's end is known only outside of the accept stage,
 * since a Kamelet runs on a copy of the exchange: this wraps the first step of each route that
 * serves HTTP. Without it, a request is over when its response is.
 */
public final class RequestEnds implements InterceptStrategy {
  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode node, Processor target, Processor nextTarget) {
    boolean first =
        node.getParent() instanceof RouteDefinition route
            && servesHttp(route)
            && isFirst(node, route);
    return first ? new First(node.getParent().getId(), target) : target;
  }

  private static boolean servesHttp(RouteDefinition route) {
    return route.getInput() != null
        && String.valueOf(route.getInput().getEndpointUri()).startsWith("platform-http:");
  }

  /** Returns whether no step comes before this one; error handlers stand among the steps. */
  private static boolean isFirst(NamedNode node, RouteDefinition route) {
    return route.getOutputs().stream()
            .filter(output -> !output.isAbstract())
            .findFirst()
            .orElse(null)
        == node;
  }

  private static final class First extends DelegateAsyncProcessor {
    private final String route;

    First(String route, Processor target) {
      super(AsyncProcessorConverterHelper.convert(target));
      this.route = route;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      GatewayRequest request = GatewayRequest.of(exchange);
      request.timeline().served(route);
      request.end().open();
      exchange
          .getExchangeExtension()
          .addOnCompletion(
              new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                  request.end().close();
                }
              });
      return super.process(exchange, callback);
    }
  }
}
