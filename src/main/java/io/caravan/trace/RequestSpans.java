package io.caravan.trace;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.telemetry.Span;
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

  /** Adds nothing: what is known at the end is added by {@link RequestTrace}. */
  @Override
  public void afterTracingEvent(Span span, Exchange exchange) {}
}
