package io.caravan.models;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.exchange.Contract;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.RequestSummary;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Decides which provider and which of its models answer. */
public final class ChooseModel implements Processor {
  private ModelDirectory models;

  /** What knows the models. */
  public void setModels(ModelDirectory models) {
    this.models = models;
  }

  @Override
  public void process(Exchange exchange) {
    MessagesRequest request = exchange.getProperty(Contract.REQUEST, MessagesRequest.class);
    List<ModelChoice> chain = models.chain(request.model());
    ModelChoice choice = chain.get(0);
    exchange.setProperty(Contract.FALLBACKS, List.copyOf(chain.subList(1, chain.size())));
    exchange.setProperty(Contract.MODEL, choice);
    RequestSummary tally = exchange.getProperty(Contract.TALLY, RequestSummary.class);
    if (tally != null) {
      tally.chosen(choice);
    }
    exchange.setProperty(Contract.PROVIDER, choice.provider().getName());
  }
}
