package io.caravan.stage;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.MessageAggregator;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.SseEncoder;
import io.caravan.exchange.Contract;
import io.caravan.http.ClientResponse;
import io.caravan.http.KeepAlivePings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Writes the events of the body to the client and flushes them; a non-streaming call's are gathered
 * instead.
 */
public final class WriteEvents implements Processor {
  private long maxAnswerSize = 32L * 1024 * 1024;
  private boolean gatherStreams;

  /** Most characters of an answer that is gathered; a stream may have any length. */
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
  public void process(Exchange exchange) {
    List<?> events = exchange.getMessage().getBody(List.class);
    if (events.isEmpty()) {
      return;
    }
    if (exchange.getProperty(Contract.REQUEST, MessagesRequest.class).stream()) {
      SseEncoder encoder = encode(events);
      send(exchange, encoder.buffer(), encoder.length());
      if (gatherStreams) {
        gatherBeside(exchange, events);
      }
    } else {
      gather(exchange, events);
      checkSize(exchange.getProperty(Contract.AGGREGATOR, MessageAggregator.class));
    }
  }

  private void gatherBeside(Exchange exchange, List<?> events) {
    MessageAggregator message = exchange.getProperty(Contract.AGGREGATOR, MessageAggregator.class);
    events.forEach(event -> message.accept((Event) event));
    if (message.size() > maxAnswerSize) {
      message.giveUp();
    }
  }

  /** An upstream may send without end, and what is gathered is in memory until then. */
  private void checkSize(MessageAggregator gathered) {
    if (gathered != null && gathered.size() > maxAnswerSize) {
      throw new AnthropicException(
          ErrorType.API,
          "The answer has more than "
              + maxAnswerSize
              + " characters (caravan.max-answer-size); ask for it as a stream");
    }
  }

  /** Writes events that are bytes already, and opens the answer by the first. */
  static void send(Exchange exchange, byte[] events, int length) {
    open(exchange).write(events, 0, length);
    KeepAlivePings signs = exchange.getProperty(Contract.LIFE_SIGNS, KeepAlivePings.class);
    if (signs != null) {
      signs.messageStarted();
    }
  }

  /** Writes the last events of a message, or all of them where it isn't streamed. */
  static void complete(Exchange exchange, List<Event> events) {
    if (exchange.getProperty(Contract.REQUEST, MessagesRequest.class).stream()) {
      SseEncoder encoder = encode(events);
      open(exchange).end(encoder.buffer(), 0, encoder.length());
      exchange.getMessage().setBody(gathered(exchange, events));
      return;
    }
    gather(exchange, events);
    MessageAggregator message = exchange.getProperty(Contract.AGGREGATOR, MessageAggregator.class);
    exchange.getMessage().setBody(message.json());
    FinishJson.finish(exchange, 200);
  }

  /** The whole of a streamed message, or null where it wasn't gathered. */
  private static byte[] gathered(Exchange exchange, List<Event> lastEvents) {
    MessageAggregator message = exchange.getProperty(Contract.AGGREGATOR, MessageAggregator.class);
    if (message == null || !message.isStarted()) {
      return null;
    }
    lastEvents.forEach(message::accept);
    return message.isComplete() ? message.json() : null;
  }

  private static ClientResponse open(Exchange exchange) {
    ClientResponse response = exchange.getProperty(Contract.RESPONSE, ClientResponse.class);
    if (!response.started()) {
      response.head(200, streamHeaders(exchange));
    }
    return response;
  }

  static SseEncoder encode(List<?> events) {
    SseEncoder encoder = new SseEncoder(events.size());
    for (Object event : events) {
      encoder.encode((Event) event);
    }
    return encoder;
  }

  static Map<String, String> streamHeaders(Exchange exchange) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "text/event-stream; charset=utf-8");
    headers.put("cache-control", "no-cache");
    // nginx and its like would hold events back.
    headers.put("x-accel-buffering", "no");
    Map<?, ?> more = exchange.getProperty(Contract.RESPONSE_HEADERS, Map.of(), Map.class);
    more.forEach((name, value) -> headers.put(name.toString(), value.toString()));
    return headers;
  }

  private static void gather(Exchange exchange, List<?> events) {
    MessageAggregator aggregator =
        exchange.getProperty(Contract.AGGREGATOR, MessageAggregator.class);
    for (Object each : events) {
      Event event = (Event) each;
      if (event instanceof Event.Failure failure) {
        throw new AnthropicException(failure.type(), failure.message());
      }
      aggregator.accept(event);
    }
  }
}
