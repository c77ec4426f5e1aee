package io.caravan.trace;

import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.RequestSummary;
import io.caravan.observe.RequestRecord.Ending;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;

/**
 * The trace of one request: the span of the request itself, and those of its attempts. Copies of
 * its exchange share it.
 */
final class RequestTrace {
  private static final String PROPERTY = "CaravanTrace";
  private static final int SERVER_FAULT = 500;

  private final Endpoint endpoint;
  private final Context request;
  private final boolean recorded;
  private final List<Attempt> attempts = new ArrayList<>(1);

  /**
   * An attempt.
   *
   * @param context the context whose span is the attempt's
   * @param startedAt its start, as a {@link System#nanoTime()}
   */
  private record Attempt(Context context, long startedAt) {}

  private RequestTrace(Endpoint endpoint, Context request) {
    this.endpoint = endpoint;
    this.request = request;
    this.recorded = Span.fromContext(request).isRecording();
  }

  /**
   * Begins the trace of a request.
   *
   * @param endpoint the endpoint that has received it
   * @param request the context whose span is the request's
   */
  static void begin(Exchange exchange, Endpoint endpoint, Context request) {
    exchange.setProperty(PROPERTY, new RequestTrace(endpoint, request));
  }

  /** Returns the trace of an exchange's request; null if it has none. */
  static RequestTrace of(Exchange exchange) {
    return exchange.getProperty(PROPERTY) instanceof RequestTrace trace ? trace : null;
  }

  /** Returns whether the request was received by an endpoint. */
  boolean isOf(Endpoint other) {
    return endpoint == other;
  }

  /** Returns the context whose span is the request's. */
  Context request() {
    return request;
  }

  /** Returns the context for a call that is about to be made: the last attempt's. */
  synchronized Context call() {
    return attempts.isEmpty() ? request : attempts.get(attempts.size() - 1).context();
  }

  /**
   * Returns the context of the attempt that was started in a time, or null.
   *
   * @param start the start of the time, as a {@link System#nanoTime()}
   */
  synchronized Context attemptIn(long start, long nanos) {
    for (Attempt attempt : attempts) {
      long after = attempt.startedAt() - start;
      if (after >= 0 && after <= nanos) {
        return attempt.context();
      }
    }
    return null;
  }

  /** Returns whether the request is one of those whose spans are kept. */
  boolean isRecorded() {
    return recorded;
  }

  /** Starts the span of an attempt. */
  synchronized void attempt(Tracer tracer) {
    if (!recorded) {
      return;
    }
    long now = System.nanoTime();
    Span span = tracer.spanBuilder("attempt").setParent(request).startSpan();
    attempts.add(new Attempt(request.with(span), now));
  }

  /** Ends the span of the last attempt. */
  void attemptEnded(boolean failed) {
    if (!recorded) {
      return;
    }
    Span span = Span.fromContext(call());
    if (failed) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  /** Adds what is known at the end of a request, and the spans of its stages. */
  void end(Exchange exchange, Tracer tracer) {
    if (!recorded) {
      return;
    }
    Span span = Span.fromContext(request);
    GatewayRequest ended = GatewayRequest.of(exchange);
    String outcome = ended.summary().outcome();
    int status = status(exchange, ended);
    span.setAttribute("caravan.request_id", ended.id());
    span.setAttribute("caravan.provider", ended.summary().provider());
    span.setAttribute("caravan.model", ended.summary().model());
    if (status != 0) {
      span.setAttribute("http.response.status_code", (long) status);
    }
    if (!Ending.OK.equals(outcome)) {
      span.setAttribute("error.type", outcome);
    }
    if (status >= SERVER_FAULT || exchange.isFailed()) {
      span.setStatus(StatusCode.ERROR);
    }
    StageSpans.write(tracer, this, ended.timeline());
  }

  /** Returns the status of a response, which may be an error that Camel has yet to write. */
  private static int status(Exchange exchange, GatewayRequest ended) {
    if (RequestSummary.CLIENT_GONE.equals(ended.summary().outcome())) {
      return Ending.CLIENT_CLOSED_REQUEST;
    }
    Integer code = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    return code == null ? ended.response().status() : code;
  }
}
