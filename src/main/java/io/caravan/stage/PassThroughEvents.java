package io.caravan.stage;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.PassThroughEvent;
import io.caravan.anthropic.PassThroughMessage;
import io.caravan.exchange.Contract;
import io.caravan.exchange.PassThroughAnswer;
import io.caravan.exchange.UpstreamStream;
import io.caravan.openai.ErrorBodies;
import io.caravan.openai.MalformedStreamException;
import io.caravan.openai.SsePayloads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Hands the events of an upstream that speaks the Messages API itself to the client as they come,
 * with the model's name as the client knows it. A whole message is kept for the end.
 */
public final class PassThroughEvents implements Processor {
  private long maxAnswerSize = 32L * 1024 * 1024;
  private boolean gatherStreams;

  /** Most bytes of events of which a message is gathered; a stream may have any length. */
  public void setMaxAnswerSize(long maxAnswerSize) {
    this.maxAnswerSize = maxAnswerSize;
  }

  /**
   * Whether a streamed message is gathered as well: then it is the body behind the last stage, for
   * a tap (default false).
   */
  public void setGatherStreams(boolean gatherStreams) {
    this.gatherStreams = gatherStreams;
  }

  @Override
  public void process(Exchange exchange) throws IOException {
    SsePayloads payloads = exchange.getMessage().getBody(SsePayloads.class);
    if (payloads == null) {
      return;
    }
    PassThroughAnswer answer = exchange.getProperty(Contract.PASSED, PassThroughAnswer.class);
    if (gatherStreams && answer.gathered() == null) {
      answer.gather(new PassThroughMessage(maxAnswerSize));
    }
    ByteArrayOutputStream events = new ByteArrayOutputStream(1024);
    try {
      for (int i = 0; i < payloads.size() && !answer.isComplete(); i++) {
        pass(exchange, event(payloads, i), answer, events);
      }
    } catch (AnthropicException | MalformedStreamException e) {
      // What came before it is an answer all the same, and in the same read only by chance.
      send(exchange, events);
      throw e;
    }
    if (answer.isComplete()) {
      exchange.getProperty(Contract.STREAM, UpstreamStream.class).complete();
    }
    send(exchange, events);
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
    MessagesRequest request = exchange.getProperty(Contract.REQUEST, MessagesRequest.class);
    if (event.isMessage() == request.stream()) {
      throw new MalformedStreamException("the upstream answered in the other form than asked for");
    }
    answer.used(event.usage());
    if (event.isMessage()) {
      event.writeJson(events, request.model());
      answer.completed(events.toByteArray());
      events.reset();
      return;
    }
    event.writeEvent(events, request.model());
    if (answer.gathered() != null) {
      answer.gathered().accept(event.json());
    }
    if (event.type().equals("message_stop")) {
      answer.completed();
    }
  }

  static PassThroughEvent event(SsePayloads payloads, int index) {
    try {
      return PassThroughEvent.read(
          payloads.buffer(), payloads.offset(index), payloads.length(index));
    } catch (IOException e) {
      throw new MalformedStreamException("the upstream sent an event that is no JSON");
    }
  }

  private static void send(Exchange exchange, ByteArrayOutputStream events) {
    if (events.size() > 0) {
      WriteEvents.send(exchange, events.toByteArray(), events.size());
    }
  }
}
