package io.caravan.trace;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.telemetry.Op;
import org.apache.camel.telemetry.TraceProcessorsInterceptStrategy;

/**
 * Camel's tracer, which makes a span of each request and of each step that leaves the gateway
 * through a component, such as {@code kafka:}. It would also make two of each call between routes,
 * match every one against patterns, and be told of each part of a stream: that cost five times as
 * much as the request itself. The stages' spans are made of the request's timeline instead, once it
 * is over ({@link StageSpans}).
 */
final class RequestTracer extends OpenTelemetryTracer {
  private static final String ATTEMPT = "direct://attempt";

  /**
   * The calls within the gateway. The demonstration upstream's queue and the timers are none of a
   * client's request.
   */
  private static final String[] INNER = {"direct:", "kamelet:", "seda:", "timer:"};

  private final Tracer tracer;

  RequestTracer(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  protected void doInit() {
    super.doInit();
    // It wraps each step, also those of each part, to find out that steps are not traced.
    getCamelContext()
        .getCamelContextExtension()
        .getInterceptStrategies()
        .removeIf(TraceProcessorsInterceptStrategy.class::isInstance);
    for (EventNotifier notifier : getCamelContext().getManagementStrategy().getEventNotifiers()) {
      if (notifier.getClass().getEnclosingClass() == org.apache.camel.telemetry.Tracer.class
          && notifier instanceof EventNotifierSupport camels) {
        ignorePartsOf(camels);
      }
    }
  }

  /** Makes Camel tell of sent messages only: a part of a stream is an exchange of its own. */
  private static void ignorePartsOf(EventNotifierSupport notifier) {
    notifier.setIgnoreServiceEvents(true);
    notifier.setIgnoreExchangeCreatedEvent(true);
    notifier.setIgnoreExchangeCompletedEvent(true);
    notifier.setIgnoreExchangeFailedEvents(true);
    notifier.setIgnoreExchangeRedeliveryEvents(true);
    notifier.setIgnoreStepEvents(true);
  }

  @Override
  public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
    boolean inner =
        route instanceof RouteDefinition definition
            && definition.getInput() != null
            && isInner(definition.getInput().getEndpointUri());
    return inner ? null : super.createRoutePolicy(context, routeId, route);
  }

  @Override
  public boolean exclude(String endpointUri, CamelContext context) {
    return isInner(endpointUri) && !ATTEMPT.equals(endpointUri);
  }

  private static boolean isInner(String uri) {
    for (String inner : INNER) {
      if (uri.startsWith(inner)) {
        return true;
      }
    }
    return false;
  }

  @Override
  protected void beginEventSpan(Exchange exchange, Endpoint endpoint, Op op) throws Exception {
    RequestTrace trace = RequestTrace.of(exchange);
    if (ATTEMPT.equals(endpoint.getEndpointUri())) {
      if (trace != null) {
        trace.attempt(tracer);
      }
      return;
    }
    super.beginEventSpan(exchange, endpoint, op);
    if (trace == null && op == Op.EVENT_RECEIVED) {
      RequestTrace.begin(exchange, endpoint, Context.current());
    }
  }

  @Override
  protected void endEventSpan(Exchange exchange, Endpoint endpoint) throws Exception {
    RequestTrace trace = RequestTrace.of(exchange);
    if (ATTEMPT.equals(endpoint.getEndpointUri())) {
      if (trace != null) {
        trace.attemptEnded(exchange.isFailed());
      }
      return;
    }
    if (trace != null && trace.isOf(endpoint)) {
      trace.end(exchange, tracer);
    }
    super.endEventSpan(exchange, endpoint);
  }
}
