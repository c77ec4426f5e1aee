package io.caravan.exchange;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;

/** The headers that the answer will carry. */
public final class ResponseHeaders {
  private ResponseHeaders() {}

  /** Those gathered so far; the stages add to it. */
  @SuppressWarnings("unchecked")
  public static Map<String, String> of(Exchange exchange) {
    Map<String, String> headers = exchange.getProperty(Contract.RESPONSE_HEADERS, Map.class);
    if (headers == null) {
      // Signs of life read them on another thread.
      headers = new ConcurrentHashMap<>();
      exchange.setProperty(Contract.RESPONSE_HEADERS, headers);
    }
    return headers;
  }
}
