package io.caravan.stage;

import io.caravan.exchange.Attempts;
import io.caravan.exchange.ClientInfo;
import io.caravan.exchange.Contract;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.RequestSummary;
import io.caravan.exchange.UpstreamHeaders;
import io.caravan.exchange.UpstreamStream;
import io.caravan.http.AbortReason;
import io.caravan.http.ClientGoneException;
import io.caravan.http.ClientResponse;
import io.caravan.http.Timeouts;
import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamHttp;
import io.caravan.http.UpstreamIoException;
import io.caravan.openai.Chunk;
import io.caravan.openai.MalformedStreamException;
import io.caravan.openai.SsePayloads;
import io.caravan.provider.Nvcf;
import io.caravan.provider.Protocol;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.translate.request.UpstreamRequest;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Sends the converted request and returns once the first content is there, or throws. Whatever
 * wraps this stage (retry, breaker, failover) therefore never repeats a call of which the client
 * has seen something.
 */
public final class Call implements Processor {
  private UpstreamHttp http;
  private LearnedQuirks quirks = new LearnedQuirks();
  private long firstByteTimeoutMillis = 280_000;
  private long byteIdleTimeoutMillis = 120_000;
  private long payloadIdleTimeoutMillis = 120_000;
  private long totalTimeoutMillis = 3_600_000;

  /** The connections. */
  public void setHttp(UpstreamHttp http) {
    this.http = http;
  }

  /** Where it is remembered what an upstream was found not to take. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  /** Milliseconds until the first byte of the answer. */
  public void setFirstByteTimeoutMillis(long firstByteTimeoutMillis) {
    this.firstByteTimeoutMillis = firstByteTimeoutMillis;
  }

  /** Milliseconds between two bytes of any kind. */
  public void setByteIdleTimeoutMillis(long byteIdleTimeoutMillis) {
    this.byteIdleTimeoutMillis = byteIdleTimeoutMillis;
  }

  /** Milliseconds between two events that carry something. */
  public void setPayloadIdleTimeoutMillis(long payloadIdleTimeoutMillis) {
    this.payloadIdleTimeoutMillis = payloadIdleTimeoutMillis;
  }

  /** Milliseconds for the whole answer. */
  public void setTotalTimeoutMillis(long totalTimeoutMillis) {
    this.totalTimeoutMillis = totalTimeoutMillis;
  }

  @Override
  public void process(Exchange exchange) {
    ModelChoice choice = exchange.getProperty(Contract.MODEL, ModelChoice.class);
    UpstreamRequest request =
        exchange.getProperty(Contract.UPSTREAM_REQUEST, UpstreamRequest.class);
    UpstreamCall call =
        http.post(choice.provider().url(), headers(exchange, choice), request.body(), timeouts());
    ClientResponse client = client(exchange);
    if (client != null) {
      client.onClose(() -> call.abort(AbortReason.CLIENT_GONE));
    }
    KeepAlive.during(exchange, call::watched);
    UpstreamStream stream = open(exchange, choice, call);
    learn(exchange, choice);
    exchange.setProperty(Contract.STREAM, stream);
    RequestSummary tally = exchange.getProperty(Contract.TALLY, RequestSummary.class);
    if (tally != null) {
      tally.firstContent();
    }
    exchange.getMessage().setBody(stream);
  }

  private UpstreamStream open(Exchange exchange, ModelChoice choice, UpstreamCall posted) {
    UpstreamCall call = posted;
    try {
      call.open();
      String pollUrl = choice.provider().getPollUrl();
      if (Polling.isPending(call) && pollUrl != null) {
        call =
            new Polling(pollUrl, http, headers(exchange, choice), timeouts())
                .await(call, client(exchange));
      }
      if (call.status() != 200 || Nvcf.isFailed(call.header(Nvcf.STATUS))) {
        throw failures(exchange).refused(exchange, call.status(), call);
      }
      UpstreamStream stream = new UpstreamStream(call);
      awaitContent(exchange, stream);
      return stream;
    } catch (UpstreamIoException | MalformedStreamException e) {
      call.close();
      if (call.abortReason() == AbortReason.CLIENT_GONE) {
        throw new ClientGoneException("the client left while the upstream was called");
      }
      if (call.abortReason() == AbortReason.STOPPING) {
        throw UpstreamFailures.stopping();
      }
      throw failures(exchange).broken(exchange, e);
    } catch (RuntimeException e) {
      call.close();
      throw e;
    }
  }

  private static ClientResponse client(Exchange exchange) {
    return exchange.getProperty(Contract.RESPONSE, ClientResponse.class);
  }

  /** The call went well without what the upstream had complained of: so it was that. */
  private void learn(Exchange exchange, ModelChoice choice) {
    Attempts attempts = exchange.getProperty(Contract.ATTEMPTS, Attempts.class);
    if (attempts != null && !attempts.found().isEmpty()) {
      quirks.learn(
          choice.provider().getName(), choice.model(), attempts.found(), attempts.complaint());
    }
  }

  private static UpstreamFailures failures(Exchange exchange) {
    return new UpstreamFailures(exchange.getContext());
  }

  /**
   * Reads ahead to the first content. An error that comes before it is this call's own, and so is
   * an end (router-for-me/CLIProxyAPI#4415): the client is told by the HTTP status.
   */
  private void awaitContent(Exchange exchange, UpstreamStream stream) {
    while (true) {
      SsePayloads part = stream.peek();
      if (part == null) {
        throw failures(exchange).saidNothing(exchange, stream.call());
      }
      for (int i = 0; i < part.size(); i++) {
        Chunk chunk = FirstContent.of(protocol(exchange), stream, part, i);
        if (chunk.error() != null) {
          throw failures(exchange).inStream(exchange, chunk.error());
        }
        if (chunk.isDone()) {
          throw failures(exchange).saidNothing(exchange, stream.call());
        }
        if (chunk.decides()) {
          return;
        }
      }
    }
  }

  private static Protocol protocol(Exchange exchange) {
    return exchange.getProperty(Contract.MODEL, ModelChoice.class).provider().getProtocol();
  }

  private static Map<String, String> headers(Exchange exchange, ModelChoice choice) {
    ClientInfo client = exchange.getProperty(Contract.CLIENT, ClientInfo.UNKNOWN, ClientInfo.class);
    Map<String, String> headers = UpstreamHeaders.of(choice.provider(), client);
    Map<?, ?> more = exchange.getProperty(Contract.UPSTREAM_HEADERS, Map.of(), Map.class);
    more.forEach((name, value) -> headers.put(name.toString(), value.toString()));
    boolean translated = choice.provider().getProtocol() == Protocol.OPENAI;
    headers.putIfAbsent("Accept", (translated ? "" : "application/json, ") + "text/event-stream");
    return headers;
  }

  private Timeouts timeouts() {
    return new Timeouts(
        Duration.ofMillis(firstByteTimeoutMillis),
        Duration.ofMillis(byteIdleTimeoutMillis),
        Duration.ofMillis(payloadIdleTimeoutMillis),
        Duration.ofMillis(totalTimeoutMillis));
  }
}
