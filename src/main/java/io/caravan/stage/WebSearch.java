package io.caravan.stage;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.translate.response.WebSearchAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;

/**
 * Answers a request for a web search with the results of a route. The body before is a list of maps
 * with {@code title}, {@code url} and optional {@code content}, or any other value if no search is
 * available; the body after is the {@code List<Event>} of the message.
 */
public final class WebSearch implements Processor, Predicate {
  private int maxResults = 10;

  /** Sets the most results that the client gets. */
  public void setMaxResults(int maxResults) {
    this.maxResults = maxResults;
  }

  /** Returns whether the request is for a web search and its upstream can't search itself. */
  @Override
  public boolean matches(Exchange exchange) {
    return !Attempt.of(exchange).model().provider().speaksMessages()
        && WebSearchAnswer.isAskedBy(GatewayRequest.of(exchange).message());
  }

  /** Returns the text to search for. */
  public String query(Exchange exchange) {
    return WebSearchAnswer.query(GatewayRequest.of(exchange).message());
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    List<WebSearchAnswer.Result> results = results(exchange.getMessage().getBody());
    exchange
        .getMessage()
        .setBody(
            WebSearchAnswer.events(
                request.message(), request.messageId(), query(exchange), results));
  }

  private List<WebSearchAnswer.Result> results(Object body) {
    if (!(body instanceof List<?> found)) {
      return null;
    }
    List<WebSearchAnswer.Result> results = new ArrayList<>();
    for (Object each : found) {
      if (each instanceof Map<?, ?> map && map.get("url") != null && results.size() < maxResults) {
        String url = map.get("url").toString();
        results.add(
            new WebSearchAnswer.Result(
                text(map.get("title"), url), url, text(map.get("content"), "")));
      }
    }
    return results;
  }

  private static String text(Object value, String otherwise) {
    return value == null || value.toString().isBlank() ? otherwise : value.toString();
  }
}
