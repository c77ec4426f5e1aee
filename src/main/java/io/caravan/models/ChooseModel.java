package io.caravan.models;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Chooses the provider and the model for a request, and the fallbacks. It refuses a model that the
 * client key does not allow, and leaves out such fallbacks.
 */
public final class ChooseModel implements Processor {
  private ModelDirectory models;
  private String model = "";

  /** Sets the directory of models. */
  public void setModels(ModelDirectory models) {
    this.models = models;
  }

  /** Sets the name that counts in place of the client's; empty for the client's own. */
  public void setModel(String model) {
    this.model = model;
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    List<ModelChoice> chain = chain(request.message().model());
    chain.get(0).checkAllowedFor(request.key());
    request
        .attempts()
        .setFallbacks(
            chain.stream().skip(1).filter(next -> next.isAllowedFor(request.key())).toList());
    Attempt.start(exchange, chain.get(0));
  }

  private List<ModelChoice> chain(String requested) {
    return model.isEmpty()
        ? models.chain(requested)
        : models.chain(model).stream().map(next -> next.requestedAs(requested)).toList();
  }
}
