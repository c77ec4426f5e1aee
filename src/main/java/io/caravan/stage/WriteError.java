package io.caravan.stage;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorBody;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.SseEncoder;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.Reasons;
import io.caravan.exchange.RequestSummary;
import io.caravan.exchange.ToolLoop;
import io.caravan.exchange.WireTaps;
import io.caravan.http.AbortReason;
import io.caravan.http.ClientGoneException;
import io.caravan.http.ClientResponse;
import io.caravan.http.UpstreamIoException;
import io.caravan.limits.upstream.AdmissionRefused;
import io.caravan.openai.MalformedStreamException;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports a failure to the client: as an HTTP error, or as the last event of an open stream. */
public final class WriteError implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(WriteError.class);

  private FinishMessage finish = new FinishMessage();

  /** Sets the step that completes a message whose stream broke after its finish reason. */
  public void setFinish(FinishMessage finish) {
    this.finish = finish;
  }

  @Override
  public void process(Exchange exchange) {
    Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    if (WireTaps.reported(exchange, caught)) {
      return;
    }
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempt attempt = Attempt.of(exchange);
    // After a failure in the split, Camel reads all further parts before the error is written, and
    // an upstream may send them for an hour.
    attempt.close();
    if (clientLeft(caught, request.response())) {
      request.summary().ended(RequestSummary.CLIENT_GONE);
      request.response().leave();
      exchange.getMessage().setBody(null);
      return;
    }
    AnthropicException error = explain(exchange, caught);
    List<Event> events = attempt.answer().fail(error);
    if (!attempt.answer().failed()) {
      // The stream broke after its finish reason: only the usage was missing.
      finish.finish(exchange, ToolLoop.lastEvents(exchange, events));
      return;
    }
    events = ToolLoop.events(exchange, events);
    RequestSummary summary = request.summary();
    summary.ended(error.type().code());
    if (summary.reason() == null) {
      summary.because(Reasons.of(caught instanceof AdmissionRefused ? caught : error));
    }
    summary.translated(attempt.answer().report(summary.translation()));
    if (request.response().claim()) {
      leaveBody(exchange, error);
    } else {
      writeEvents(exchange, request.response(), events);
    }
  }

  private static boolean clientLeft(Throwable caught, ClientResponse response) {
    return caught instanceof ClientGoneException
        || (caught instanceof UpstreamIoException io && io.reason() == AbortReason.CLIENT_GONE)
        || response.abandoned();
  }

  private static AnthropicException explain(Exchange exchange, Throwable caught) {
    if (caught instanceof AnthropicException known) {
      return known;
    }
    if (caught instanceof AdmissionRefused refused) {
      boolean closing = refused.reason() == AdmissionRefused.Reason.CLOSED;
      ErrorType type = closing ? ErrorType.OVERLOADED : ErrorType.RATE_LIMIT;
      return new AnthropicException(
          type, type.status(), refused.getMessage(), refused.retryAfter(), null, refused);
    }
    if (caught instanceof UpstreamIoException io && io.reason() == AbortReason.STOPPING) {
      return UpstreamFailures.stopping();
    }
    if (isUpstreams(caught)) {
      return UpstreamFailures.midStream(exchange, (RuntimeException) caught);
    }
    LOG.error("Request {} failed inside the gateway", GatewayRequest.of(exchange).id(), caught);
    return new AnthropicException(
        ErrorType.API, "The gateway failed; its log has the cause under the request id");
  }

  /** Returns whether the upstream's stream broke or is malformed. */
  private static boolean isUpstreams(Throwable caught) {
    return caught instanceof UpstreamIoException || caught instanceof MalformedStreamException;
  }

  /** Leaves the error's own body, which the route marshals. */
  private static void leaveBody(Exchange exchange, AnthropicException error) {
    exchange.getMessage().setBody(ErrorBody.of(error, GatewayRequest.of(exchange).id()));
    FinishJson.finish(exchange, error.status());
    ErrorBody.headers(error).forEach(exchange.getMessage()::setHeader);
  }

  private static void writeEvents(Exchange exchange, ClientResponse response, List<Event> events) {
    SseEncoder encoder = WriteEvents.encode(events);
    try {
      response.end(encoder.buffer(), 0, encoder.length());
    } catch (ClientGoneException e) {
      LOG.debug("The client left before an error could be reported to it");
      response.leave();
    }
    exchange.getMessage().setBody(null);
  }
}
