package io.caravan.trace;

import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.SpanContextPropagationExtractor;
import org.apache.camel.telemetry.decorators.PlatformHttpSpanDecorator;

/**
 * Names the span of a request by its method and its route, as OpenTelemetry's conventions have it.
 * Camel itself would name it POST, and add the URL with the client's query, which may have a key.
 */
public final class RequestSpans extends PlatformHttpSpanDecorator {
  @Override
  public String getOperationName(Exchange exchange, Endpoint endpoint) {
    return endpoint instanceof PlatformHttpEndpoint http
        ? getHttpMethod(exchange, endpoint) + ' ' + http.getPath()
        : super.getOperationName(exchange, endpoint);
  }

  @Override
  public void beforeTracingEvent(Span span, Exchange exchange, Endpoint endpoint) {
    span.setTag("http.request.method", getHttpMethod(exchange, endpoint));
    if (endpoint instanceof PlatformHttpEndpoint http) {
      span.setTag("http.route", http.getPath());
    }
  }

  /** Returns a view of the headers, which Camel would copy for each request. */
  @Override
  public SpanContextPropagationExtractor getExtractor(Exchange exchange) {
    return new Headers(exchange.getIn().getHeaders());
  }

  /** Adds nothing: what is known at the end is added by {@link RequestTrace}. */
  @Override
  public void afterTracingEvent(Span span, Exchange exchange) {}

  /** The headers of a request; their names are in any case. */
  private record Headers(Map<String, Object> all) implements SpanContextPropagationExtractor {
    @Override
    public Iterator<Map.Entry<String, Object>> iterator() {
      return all.entrySet().iterator();
    }

    @Override
    public Object get(String name) {
      return all.get(name) instanceof String text ? text : null;
    }

    @Override
    public Set<String> keys() {
      return all.keySet();
    }
  }
}
