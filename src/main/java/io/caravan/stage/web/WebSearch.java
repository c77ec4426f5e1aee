package io.caravan.stage.web;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.web.DirectSearch;
import io.caravan.web.SearchQuery;
import io.caravan.web.route.WebServices;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;

/**
 * Answers a request that is nothing but a web search with the results of a route. The body before
 * is a list of maps with {@code title}, {@code url}, {@code snippet} and {@code age}, or any other
 * value if no search is available; the body after is the {@code List<Event>} of the message.
 */
public final class WebSearch implements Processor, Predicate {
  private WebServices services = new WebServices();

  /** Sets the web tools that the gateway can run. */
  public void setServices(WebServices services) {
    this.services = services;
  }

  /**
   * Returns whether the request is nothing but a web search, and its upstream can't search itself:
   * Claude Code's own, or, as long as the gateway can't search, each whose only tool it is.
   */
  @Override
  public boolean matches(Exchange exchange) {
    MessagesRequest message = GatewayRequest.of(exchange).message();
    return DirectSearch.isOnlyTool(message)
        && !Attempt.of(exchange).model().provider().speaksMessages()
        && (DirectSearch.isClaudeCodes(message) || !services.isSearching());
  }

  /** Returns the body for the route that searches. */
  public SearchQuery query(Exchange exchange) {
    return search(exchange).query();
  }

  @Override
  public void process(Exchange exchange) {
    String id = GatewayRequest.of(exchange).messageId();
    exchange.getMessage().setBody(search(exchange).events(id, exchange.getMessage().getBody()));
  }

  private DirectSearch search(Exchange exchange) {
    return DirectSearch.of(GatewayRequest.of(exchange).message(), services.getMaxResults());
  }
}
