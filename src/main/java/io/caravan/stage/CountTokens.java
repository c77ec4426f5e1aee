package io.caravan.stage;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.ClientInfo;
import io.caravan.exchange.Contract;
import io.caravan.exchange.Conversations;
import io.caravan.exchange.GatewayRequest;
import io.caravan.tokens.TokenCounter;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Estimates the input tokens of the request. */
public final class CountTokens implements Processor {
  private TokenCounter counter;
  private Conversations conversations;

  /** Sets the token counter. */
  public void setCounter(TokenCounter counter) {
    this.counter = counter;
  }

  /** Sets the memory of conversations, which corrects the count; null for no correction. */
  public void setConversations(Conversations conversations) {
    this.conversations = conversations;
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    ClientInfo client = request.client();
    long raw = counter.count(request.message(), client.tenant());
    Attempt attempt = Attempt.of(exchange);
    boolean correctable = conversations != null && attempt.hasModel();
    request.setRawTokens(raw);
    exchange.setProperty(
        Contract.INPUT_TOKENS,
        correctable ? conversations.correct(raw, client, attempt.model()) : raw);
  }
}
