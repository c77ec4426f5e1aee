package io.caravan.models;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Chooses the provider and the model for a request, and the fallbacks. */
public final class ChooseModel implements Processor {
  private ModelDirectory models;

  /** Sets the directory of models. */
  public void setModels(ModelDirectory models) {
    this.models = models;
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    List<ModelChoice> chain = models.chain(request.message().model());
    request.attempts().setFallbacks(chain.subList(1, chain.size()));
    Attempt.start(exchange, chain.get(0));
  }
}
