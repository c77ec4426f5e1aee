package io.caravan.stage;

import io.caravan.exchange.GatewayRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;

/**
 * Finds the requests with {@code max_tokens: 0} whose upstream doesn't answer such a request
 * itself. They are seldom: the steps that answer them cost the others nothing.
 */
public final class AsksForNoContent implements Predicate {
  @Override
  public boolean matches(Exchange exchange) {
    return Integer.valueOf(0).equals(GatewayRequest.of(exchange).message().maxTokens())
        && (AnswerVerdicts.areAsked(exchange) || WarmCache.isAsked(exchange));
  }
}
