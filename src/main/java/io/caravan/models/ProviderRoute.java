package io.caravan.models;

import io.caravan.exchange.Contract;
import io.caravan.exchange.ModelChoice;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExpressionAdapter;

/**
 * Finds the route that calls the chosen provider: {@code direct:provider-NAME} where the provider
 * has a route of its own, else the route of its protocol.
 */
public final class ProviderRoute extends ExpressionAdapter {
  /** What the endpoint of a provider's own route begins with. */
  public static final String OWN = "direct:provider-";

  /** What the endpoint of a protocol's route begins with. */
  public static final String OF_PROTOCOL = "direct:call-";

  @Override
  public Object evaluate(Exchange exchange) {
    String own = OWN + exchange.getProperty(Contract.PROVIDER, String.class);
    if (exchange.getContext().hasEndpoint(own) != null) {
      return own;
    }
    ModelChoice choice = exchange.getProperty(Contract.MODEL, ModelChoice.class);
    return OF_PROTOCOL + choice.provider().getProtocol();
  }
}
