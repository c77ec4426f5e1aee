package io.caravan.stage;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.tokens.TokenCounter;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Counts the input tokens of the request. */
public final class CountTokens implements Processor {
  private TokenCounter counter;

  /** What counts. */
  public void setCounter(TokenCounter counter) {
    this.counter = counter;
  }

  @Override
  public void process(Exchange exchange) {
    MessagesRequest request = exchange.getProperty(Contract.REQUEST, MessagesRequest.class);
    ClientInfo client = exchange.getProperty(Contract.CLIENT, ClientInfo.UNKNOWN, ClientInfo.class);
    exchange.setProperty(Contract.INPUT_TOKENS, counter.count(request, client.tenant()));
  }
}
