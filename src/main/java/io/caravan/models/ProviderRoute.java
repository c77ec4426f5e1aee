package io.caravan.models;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.Contract;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.spi.NormalizedEndpointUri;
import org.apache.camel.support.ExpressionAdapter;

/**
 * Finds the name of the route that calls the chosen provider: {@code provider-NAME} if the provider
 * has a route {@code direct:provider-NAME} of its own, else {@code call-PROTOCOL}.
 */
public final class ProviderRoute extends ExpressionAdapter {
  /** The beginning of the name of a provider's own route. */
  public static final String OWN = "provider-";

  private static final String OF_PROTOCOL = "call-";

  /** The endpoints of such routes by name, as Camel looks them up; to make one takes as long. */
  private final Map<String, NormalizedEndpointUri> endpoints = new ConcurrentHashMap<>();

  @Override
  public Object evaluate(Exchange exchange) {
    String own = OWN + exchange.getProperty(Contract.PROVIDER, String.class);
    ExtendedCamelContext context = exchange.getContext().getCamelContextExtension();
    if (context.hasEndpoint(
            endpoints.computeIfAbsent(own, name -> context.normalizeUri("direct:" + name)))
        != null) {
      return own;
    }
    return OF_PROTOCOL + Attempt.of(exchange).model().provider().getProtocol();
  }
}
