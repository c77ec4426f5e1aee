package io.caravan.stage;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.exchange.ClientInfo;
import io.caravan.exchange.Contract;
import io.caravan.exchange.Conversations;
import io.caravan.exchange.ModelChoice;
import io.caravan.tokens.TokenCounter;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Counts the input tokens of the request. */
public final class CountTokens implements Processor {
  private TokenCounter counter;
  private Conversations conversations;

  /** What counts. */
  public void setCounter(TokenCounter counter) {
    this.counter = counter;
  }

  /** What is remembered of conversations: by what their calls cost, the count is corrected. */
  public void setConversations(Conversations conversations) {
    this.conversations = conversations;
  }

  @Override
  public void process(Exchange exchange) {
    MessagesRequest request = exchange.getProperty(Contract.REQUEST, MessagesRequest.class);
    ClientInfo client = exchange.getProperty(Contract.CLIENT, ClientInfo.UNKNOWN, ClientInfo.class);
    long raw = counter.count(request, client.tenant());
    ModelChoice choice = exchange.getProperty(Contract.MODEL, ModelChoice.class);
    boolean correctable = conversations != null && choice != null;
    exchange.setProperty(Contract.RAW_TOKENS, raw);
    exchange.setProperty(
        Contract.INPUT_TOKENS, correctable ? conversations.correct(raw, client, choice) : raw);
  }
}
