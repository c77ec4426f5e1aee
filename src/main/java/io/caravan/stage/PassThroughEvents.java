package io.caravan.stage;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.PassThroughEvent;
import io.caravan.anthropic.PassThroughMessage;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.NonBlocking;
import io.caravan.exchange.PassThroughAnswer;
import io.caravan.judge.PendingVerdicts;
import io.caravan.openai.ErrorBodies;
import io.caravan.openai.MalformedStreamException;
import io.caravan.openai.SsePayloads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Passes the events of an upstream that speaks the Messages API itself through to the client as
 * they come, with the client's name for the model. A whole message is kept for the last step.
 */
@NonBlocking
public final class PassThroughEvents implements Processor {
  private long maxAnswerSize = 32L * 1024 * 1024;
  private boolean gatherStreams;

  /** Sets the most bytes of events that a message is gathered of; a stream may have any length. */
  public void setMaxAnswerSize(long maxAnswerSize) {
    this.maxAnswerSize = maxAnswerSize;
  }

  /**
   * Sets whether a streamed message is gathered as well, and is the body after the last step for a
   * tap (default false).
   */
  public void setGatherStreams(boolean gatherStreams) {
    this.gatherStreams = gatherStreams;
  }

  @Override
  public void process(Exchange exchange) throws IOException {
    try {
      pass(exchange);
    } catch (RuntimeException e) {
      throw WriteEvents.failed(exchange, e);
    }
  }

  private void pass(Exchange exchange) throws IOException {
    SsePayloads payloads = exchange.getMessage().getBody(SsePayloads.class);
    if (payloads == null) {
      return;
    }
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempt attempt = Attempt.of(exchange);
    PassThroughAnswer answer = attempt.answer(PassThroughAnswer.class);
    if (gatherStreams && answer.gathered() == null) {
      answer.gather(new PassThroughMessage(maxAnswerSize));
    }
    ByteArrayOutputStream events = new ByteArrayOutputStream(1024);
    try {
      for (int i = 0; i < payloads.size() && !answer.isComplete(); i++) {
        pass(exchange, PassThroughAnswer.event(payloads, i), answer, events);
      }
    } catch (AnthropicException | MalformedStreamException e) {
      // The events before the failure are valid; they came in the same read only by chance.
      send(request, events);
      throw e;
    }
    if (answer.isComplete()) {
      attempt.completed();
    } else if (answer.isFinished()) {
      attempt.finished(true, false);
    }
    send(request, events);
  }

  private static void pass(
      Exchange exchange,
      PassThroughEvent event,
      PassThroughAnswer answer,
      ByteArrayOutputStream events)
      throws IOException {
    if (event.isError()) {
      throw UpstreamFailures.afterContent(exchange, ErrorBodies.parse(event.json().toString()));
    }
    MessagesRequest request = GatewayRequest.of(exchange).message();
    if (event.isMessage() == request.stream()) {
      throw new MalformedStreamException("the upstream ignored the request's field stream");
    }
    answer.used(event.usage());
    answer.called(event.tools());
    if (event.isMessage()) {
      event.writeJson(events, request.model());
      answer.completed(events.toByteArray());
      events.reset();
      return;
    }
    PendingVerdicts verdicts = Attempt.of(exchange).verdicts();
    boolean last = event.type().equals("message_delta") || event.type().equals("message_stop");
    if (last && verdicts != null && verdicts.isHolding()) {
      answer.hold(event);
      if (event.type().equals("message_stop")) {
        answer.completed();
      } else {
        answer.finished();
      }
      return;
    }
    event.writeEvent(events, request.model());
    if (answer.gathered() != null) {
      answer.gathered().accept(event.json());
    }
    if (event.type().equals("message_stop")) {
      answer.completed();
    } else if (event.type().equals("message_delta")) {
      // It has the stop reason and the usage: nothing but message_stop follows.
      answer.finished();
    }
  }

  private static void send(GatewayRequest request, ByteArrayOutputStream events) {
    if (events.size() > 0) {
      WriteEvents.send(request, events.toByteArray(), events.size());
    }
  }
}
