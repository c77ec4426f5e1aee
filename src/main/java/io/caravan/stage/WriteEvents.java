package io.caravan.stage;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.MessageAggregator;
import io.caravan.anthropic.SseEncoder;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.http.ClientResponse;
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

  /** Most characters of an answer that is gathered; a stream may have any length. */
  public void setMaxAnswerSize(long maxAnswerSize) {
    this.maxAnswerSize = maxAnswerSize;
  }

  @Override
  public void process(Exchange exchange) {
    List<?> events = exchange.getMessage().getBody(List.class);
    if (events.isEmpty()) {
      return;
    }
    GatewayRequest request = GatewayRequest.of(exchange);
    if (request.message().stream()) {
      SseEncoder encoder = encode(events);
      send(request, encoder.buffer(), encoder.length());
      return;
    }
    MessageAggregator gathered = Attempt.of(exchange).gathered();
    gather(gathered, events);
    checkSize(gathered);
  }

  /** An upstream may send without end, and what is gathered is in memory until then. */
  private void checkSize(MessageAggregator gathered) {
    if (gathered.size() > maxAnswerSize) {
      throw new AnthropicException(
          ErrorType.API,
          "The answer has more than "
              + maxAnswerSize
              + " characters (caravan.max-answer-size); ask for it as a stream");
    }
  }

  /** Writes events that are bytes already, and opens the response by the first. */
  static void send(GatewayRequest request, byte[] events, int length) {
    open(request).write(events, 0, length);
    request.messageStarted();
  }

  /** Returns the response, open as a stream. */
  static ClientResponse open(GatewayRequest request) {
    ClientResponse response = request.response();
    if (!response.started()) {
      response.head(200, headers(request));
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

  /** Returns the headers of a streamed response. */
  static Map<String, String> headers(GatewayRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "text/event-stream; charset=utf-8");
    headers.put("cache-control", "no-cache");
    // nginx and its like would hold events back.
    headers.put("x-accel-buffering", "no");
    headers.putAll(request.headers());
    return headers;
  }

  /** Adds events to the message of a call that does not stream. */
  static void gather(MessageAggregator gathered, List<?> events) {
    for (Object each : events) {
      Event event = (Event) each;
      if (event instanceof Event.Failure failure) {
        throw new AnthropicException(failure.type(), failure.message());
      }
      gathered.accept(event);
    }
  }
}
