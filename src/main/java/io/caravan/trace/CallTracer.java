package io.caravan.trace;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.CallWatcher;
import io.caravan.exchange.GatewayRequest;
import io.caravan.http.ClientResponse;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Makes a span of each call to an upstream, and passes the trace on with it ({@code traceparent}):
 * of a request that is none of the sampled ones it only passes the trace on. Names are those of
 * OpenTelemetry's conventions for generative AI; no text of a message is in a span.
 */
final class CallTracer {
  private static final int LONGEST_NAME = 200;

  private CallTracer() {}

  /** Watches the calls of an exchange. */
  static void watch(Exchange exchange) {
    RequestTrace trace = RequestTrace.of(exchange);
    if (trace == null) {
      return;
    }
    Registry beans = exchange.getContext().getRegistry();
    Tracer tracer = beans.lookupByNameAndType(TraceSdk.TRACER, Tracer.class);
    ContextPropagators propagators =
        beans.lookupByNameAndType(TraceSdk.PROPAGATORS, ContextPropagators.class);
    if (!trace.isRecorded()) {
      CallWatcher.add(
          exchange,
          (copy, attempt) -> {
            passOn(trace.request(), propagators, attempt);
            return null;
          });
      return;
    }
    ClientResponse client = GatewayRequest.of(exchange).response();
    List<TracedCall> calls = new CopyOnWriteArrayList<>();
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange ended) {
                calls.forEach(TracedCall::finish);
              }
            });
    CallWatcher.add(
        exchange,
        (copy, attempt) -> {
          TracedCall call = call(copy, attempt, client, tracer, propagators, trace.call());
          calls.add(call);
          return call;
        });
  }

  private static TracedCall call(
      Exchange exchange,
      Attempt attempt,
      ClientResponse client,
      Tracer tracer,
      ContextPropagators propagators,
      Context parent) {
    String model = shortened(attempt.model().model());
    URI url = URI.create(attempt.model().provider().url());
    GatewayRequest request = GatewayRequest.of(exchange);
    Span span =
        tracer
            .spanBuilder("chat " + model)
            .setParent(parent)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("gen_ai.operation.name", "chat")
            .setAttribute("gen_ai.provider.name", attempt.model().provider().getName())
            .setAttribute("gen_ai.request.model", model)
            .setAttribute("server.address", url.getHost())
            .setAttribute("server.port", (long) port(url))
            .startSpan();
    if (request.client().session() != null) {
      span.setAttribute("gen_ai.conversation.id", request.client().session());
    }
    if (request.hasMessage() && request.message().maxTokens() != null) {
      span.setAttribute("gen_ai.request.max_tokens", (long) request.message().maxTokens());
    }
    passOn(parent.with(span), propagators, attempt);
    return new TracedCall(span, attempt, client);
  }

  private static void passOn(Context trace, ContextPropagators propagators, Attempt attempt) {
    propagators.getTextMapPropagator().inject(trace, attempt.headers(), Map::put);
  }

  private static String shortened(String name) {
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
  }

  private static int port(URI url) {
    return url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
  }
}
