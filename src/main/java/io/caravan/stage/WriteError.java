package io.caravan.stage;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorBody;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.SseEncoder;
import io.caravan.exchange.Answer;
import io.caravan.exchange.Contract;
import io.caravan.exchange.RequestSummary;
import io.caravan.exchange.UpstreamStream;
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

/** Tells the client what went wrong: as an HTTP error, or as the last event of an open stream. */
public final class WriteError implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(WriteError.class);

  private FinishMessage finish = new FinishMessage();

  /** What completes an answer that broke when all of it was there. */
  public void setFinish(FinishMessage finish) {
    this.finish = finish;
  }

  @Override
  public void process(Exchange exchange) {
    Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    if (WireTaps.reported(exchange, caught)) {
      return;
    }
    breakOff(exchange);
    ClientResponse response = exchange.getProperty(Contract.RESPONSE, ClientResponse.class);
    if (clientLeft(caught, response)) {
      outcome(exchange, RequestSummary.CLIENT_GONE);
      exchange.getMessage().setBody(null);
      return;
    }
    AnthropicException error = explain(exchange, caught);
    Answer answer = Answer.of(exchange);
    List<Event> events = answer == null ? List.of(Event.Failure.of(error)) : answer.fail(error);
    if (answer != null && answer.outcome().failure() == null) {
      // It broke after its finish reason: nothing but usage was missing.
      finish.finish(exchange, answer, events);
      return;
    }
    outcome(exchange, error.type().code());
    tell(exchange, answer);
    if (response != null && !response.claim()) {
      writeEvents(exchange, response, events);
    } else {
      writeJson(exchange, error);
    }
  }

  /**
   * The answer is over. Where a step of the split has failed, Camel goes through all parts that are
   * still to come before the client is told, and an upstream may send them for an hour.
   */
  private static void breakOff(Exchange exchange) {
    UpstreamStream stream = exchange.getProperty(Contract.STREAM, UpstreamStream.class);
    if (stream != null) {
      stream.close();
    }
  }

  private static void outcome(Exchange exchange, String outcome) {
    RequestSummary tally = exchange.getProperty(Contract.TALLY, RequestSummary.class);
    if (tally != null) {
      tally.ended(outcome);
    }
  }

  private static void tell(Exchange exchange, Answer answer) {
    RequestSummary tally = exchange.getProperty(Contract.TALLY, RequestSummary.class);
    if (tally != null && answer != null) {
      tally.translated(answer.tell(tally.translation()));
    }
  }

  private static boolean clientLeft(Throwable caught, ClientResponse response) {
    return caught instanceof ClientGoneException
        || (caught instanceof UpstreamIoException io && io.reason() == AbortReason.CLIENT_GONE)
        || (response != null && response.abandoned());
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
    String requestId = exchange.getProperty(Contract.REQUEST_ID, String.class);
    LOG.error("Request {} failed inside the gateway", requestId, caught);
    return new AnthropicException(
        ErrorType.API, "The gateway failed; its log has the cause under the request id");
  }

  /** The answer broke off, or went on with something that is none. */
  private static boolean isUpstreams(Throwable caught) {
    return caught instanceof UpstreamIoException || caught instanceof MalformedStreamException;
  }

  private static void writeJson(Exchange exchange, AnthropicException error) {
    String requestId = exchange.getProperty(Contract.REQUEST_ID, String.class);
    exchange.getMessage().setBody(ErrorBody.write(error, requestId));
    FinishJson.finish(exchange, error.status());
    ErrorBody.headers(error).forEach(exchange.getMessage()::setHeader);
  }

  private static void writeEvents(Exchange exchange, ClientResponse response, List<Event> events) {
    SseEncoder encoder = WriteEvents.encode(events);
    try {
      response.end(encoder.buffer(), 0, encoder.length());
    } catch (ClientGoneException e) {
      LOG.debug("The client left before it could be told of an error");
    }
    exchange.getMessage().setBody(null);
  }
}
