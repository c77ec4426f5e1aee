package io.caravan.stage;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.MessageAggregator;
import io.caravan.anthropic.SseEncoder;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.NonBlocking;
import io.caravan.http.ClientResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Writes the events of the body to the client and flushes them. For a client that does not stream,
 * it gathers them into the message instead.
 */
@NonBlocking
public final class WriteEvents implements Processor {
  private long maxAnswerSize = 32L * 1024 * 1024;
  private boolean gatherStreams;

  /** Sets the most characters of a message that is gathered; a stream may have any length. */
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
  public void process(Exchange exchange) {
    try {
      write(exchange);
    } catch (RuntimeException e) {
      throw failed(exchange, e);
    }
  }

  private void write(Exchange exchange) {
    List<?> events = exchange.getMessage().getBody(List.class);
    if (events.isEmpty()) {
      return;
    }
    GatewayRequest request = GatewayRequest.of(exchange);
    if (request.message().stream()) {
      SseEncoder encoder = encode(events);
      send(request, encoder.buffer(), encoder.length());
      if (gatherStreams) {
        gatherBeside(Attempt.of(exchange).gathered(), events);
      }
      return;
    }
    MessageAggregator gathered = Attempt.of(exchange).gathered();
    gather(gathered, events);
    checkSize(gathered);
  }

  private void gatherBeside(MessageAggregator message, List<?> events) {
    events.forEach(event -> message.accept((Event) event));
    if (message.size() > maxAnswerSize) {
      message.giveUp();
    }
  }

  /** Limits the size of the message: an upstream may send without end, and it is in memory. */
  private void checkSize(MessageAggregator gathered) {
    if (gathered.size() > maxAnswerSize) {
      throw new AnthropicException(
          ErrorType.API,
          "The message has more than "
              + maxAnswerSize
              + " characters (caravan.max-answer-size); request it as a stream");
    }
  }

  /**
   * Ends the upstream's stream before a failure in the split is thrown: the splitter reads all
   * parts that are left before it passes the failure on, and takes the end for a part.
   */
  static RuntimeException failed(Exchange exchange, RuntimeException failure) {
    Attempt.of(exchange).close();
    return failure;
  }

  /** Writes encoded events; the first of them open the response. */
  static void send(GatewayRequest request, byte[] events, int length) {
    open(request).write(events, 0, length);
    request.messageStarted();
  }

  /** Returns the response; opens it as a stream if it is not open yet. */
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
    // nginx and other proxies would buffer the events.
    headers.put("x-accel-buffering", "no");
    headers.putAll(request.headers());
    return headers;
  }

  /**
   * Adds events to a message for a client that does not stream.
   *
   * @throws AnthropicException if one of them is an error
   */
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
