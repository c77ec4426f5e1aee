package io.caravan.stage;

import io.caravan.exchange.Answer;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Attempts;
import io.caravan.exchange.CallPlan;
import io.caravan.exchange.CallWatcher;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.Opening;
import io.caravan.exchange.UpstreamHeaders;
import io.caravan.exchange.UpstreamReply;
import io.caravan.exchange.UpstreamStream;
import io.caravan.http.AbortReason;
import io.caravan.http.CallListener;
import io.caravan.http.ClientGoneException;
import io.caravan.http.Timeouts;
import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamHttp;
import io.caravan.http.UpstreamIoException;
import io.caravan.openai.MalformedStreamException;
import io.caravan.openai.RateLimitHeaders;
import io.caravan.openai.SsePayloads;
import io.caravan.provider.Nvcf;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.provider.learned.Quirk;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Calls the upstream and returns at the first content, or throws. A retry, circuit breaker or
 * fallback around this stage therefore never repeats a call of which the client has seen anything.
 */
public final class Call implements Processor {
  /** The most bytes of a message that are read ahead. */
  private static final int MOST_AHEAD = 8 * 1024 * 1024;

  private UpstreamHttp http;
  private LearnedQuirks quirks = new LearnedQuirks();
  private long firstByteTimeoutMillis = 280_000;
  private long byteIdleTimeoutMillis = 120_000;
  private long payloadIdleTimeoutMillis = 120_000;
  private long totalTimeoutMillis = 3_600_000;
  private long finishGraceMillis = 5_000;

  /** Sets the connections to upstreams. */
  public void setHttp(UpstreamHttp http) {
    this.http = http;
  }

  /** Sets the memory of the fields that upstreams don't accept. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  /** Sets the most milliseconds until the first event with a payload. */
  public void setFirstByteTimeoutMillis(long firstByteTimeoutMillis) {
    this.firstByteTimeoutMillis = firstByteTimeoutMillis;
  }

  /** Sets the most milliseconds between two bytes of any kind. */
  public void setByteIdleTimeoutMillis(long byteIdleTimeoutMillis) {
    this.byteIdleTimeoutMillis = byteIdleTimeoutMillis;
  }

  /** Sets the most milliseconds between two events with a payload. */
  public void setPayloadIdleTimeoutMillis(long payloadIdleTimeoutMillis) {
    this.payloadIdleTimeoutMillis = payloadIdleTimeoutMillis;
  }

  /** Sets the most milliseconds for the whole response. */
  public void setTotalTimeoutMillis(long totalTimeoutMillis) {
    this.totalTimeoutMillis = totalTimeoutMillis;
  }

  /**
   * Sets the most milliseconds for which a stream may stay open behind its finish reason; once the
   * usage has come, it is a second at most.
   */
  public void setFinishGraceMillis(long finishGraceMillis) {
    this.finishGraceMillis = finishGraceMillis;
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempt attempt = Attempt.of(exchange);
    CallPlan plan = CallPlan.of(exchange);
    if (plan != null) {
      PlannedCalls.enter(attempt, headers(request, attempt), plan);
      return;
    }
    if (request.isBeside()) {
      request.place().entered();
    }
    try {
      call(exchange, request, attempt);
    } catch (RuntimeException e) {
      attempt.failed();
      throw e;
    }
  }

  private void call(Exchange exchange, GatewayRequest request, Attempt attempt) {
    CallListener listener = CallWatcher.watch(exchange, attempt);
    UpstreamCall call = post(exchange, request, attempt);
    request.response().onClose(() -> call.abort(AbortReason.CLIENT_GONE));
    request.pingDuring(call::watched);
    attempt.call();
    call.setListener(listener);
    UpstreamStream stream = open(exchange, call, listener);
    learn(request, attempt.model());
    attempt.setStream(stream);
    attempt.setRequest(attempt.request().withoutBody());
    request.response().requestSent();
    exchange.getMessage().setBody(stream);
  }

  private UpstreamCall post(Exchange exchange, GatewayRequest request, Attempt attempt) {
    try {
      return http.post(
          attempt.model().provider().url(),
          headers(request, attempt),
          attempt.request().body(),
          timeouts());
    } catch (IllegalArgumentException e) {
      // The base URL is none.
      throw failures(exchange).broken(exchange, e);
    }
  }

  private UpstreamStream open(Exchange exchange, UpstreamCall posted, CallListener listener) {
    UpstreamCall call = posted;
    try {
      Attempt attempt = Attempt.of(exchange);
      Provider provider = attempt.model().provider();
      call.open();
      provider.recordAnswer();
      call = polled(exchange, call, listener);
      attempt.setReply(UpstreamReply.of(call, provider));
      attempt.key().answered(RateLimitHeaders.of(call::eachHeader, call::header, Instant.now()));
      if (call.status() != 200 || Nvcf.isFailed(call.header(Nvcf.STATUS))) {
        throw failures(exchange).refused(exchange, call.status(), call);
      }
      UpstreamStream stream = new UpstreamStream(call, Duration.ofMillis(finishGraceMillis));
      try {
        awaitContent(exchange, stream);
      } catch (RuntimeException e) {
        stream.close();
        throw e;
      }
      provider.recordService();
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

  /** Polls for the response if the upstream has only acknowledged the call. */
  private UpstreamCall polled(Exchange exchange, UpstreamCall call, CallListener listener) {
    Attempt attempt = Attempt.of(exchange);
    String pollUrl = attempt.model().provider().getPollUrl();
    if (!Polling.isPending(call) || pollUrl == null) {
      return call;
    }
    GatewayRequest request = GatewayRequest.of(exchange);
    return new Polling(pollUrl, http, headers(request, attempt), timeouts(), listener)
        .await(call, request.response());
  }

  /** Learns the complaints of failed calls, once a call without their cause has succeeded. */
  private void learn(GatewayRequest request, ModelChoice choice) {
    Attempts attempts = request.attempts();
    if (attempts.found().isEmpty()) {
      return;
    }
    String provider = choice.provider().getName();
    List<Quirk> own = new ArrayList<>(attempts.found());
    own.removeAll(attempts.proven());
    String words = attempts.isQuoting() ? "" : attempts.complaint().message();
    quirks.learn(
        LearnedQuirks.EVERYONE,
        provider,
        choice.model(),
        attempts.proven(),
        attempts.complaint(),
        new LearnedQuirks.Evidence(words, "the same request with this one change was answered"));
    quirks.learn(
        request.client().tenant(),
        provider,
        choice.model(),
        own,
        attempts.complaint(),
        new LearnedQuirks.Evidence(words, "a request with this and other changes was answered"));
  }

  private static UpstreamFailures failures(Exchange exchange) {
    return new UpstreamFailures(exchange.getContext());
  }

  /**
   * Reads ahead to the first content. An error or an end before it is a failure of the call
   * (router-for-me/CLIProxyAPI#4415), which the client gets as an HTTP status. A client that does
   * not stream has nothing before the completion's end: for it, a response that breaks off is a
   * failed call as well, and may be repeated.
   */
  private static void awaitContent(Exchange exchange, UpstreamStream stream) {
    GatewayRequest request = GatewayRequest.of(exchange);
    boolean whole = request.wantsWholeMessage();
    Answer answer = Attempt.of(exchange).answer();
    boolean content = false;
    int size = 0;
    while (lacks(content, whole && size < MOST_AHEAD, answer)) {
      SsePayloads part = stream.peek();
      if (part == null) {
        throw failures(exchange).empty(exchange, stream.call());
      }
      // An error behind the finish reason takes nothing back.
      for (int i = 0; i < part.size() && lacks(content, whole, answer); i++) {
        size += part.length(i);
        Opening opening = answer.inspect(part, i);
        if (opening.error() != null) {
          throw failures(exchange).inStream(exchange, opening.error());
        }
        if (opening.sign() == Opening.Sign.END && !(content && answer.endInspected())) {
          throw failures(exchange).empty(exchange, stream.call());
        }
        content |= opening.sign() != Opening.Sign.NOTHING;
      }
      if (content) {
        request.summary().firstContent();
      }
    }
  }

  private static boolean lacks(boolean content, boolean whole, Answer answer) {
    return !content || (whole && !answer.endInspected());
  }

  private static Map<String, String> headers(GatewayRequest request, Attempt attempt) {
    Map<String, String> headers =
        UpstreamHeaders.of(attempt.model().provider(), request.client(), attempt.key().secret());
    headers.putAll(attempt.headers());
    // An empty one takes the provider's away: no beta is left.
    headers.values().removeIf(String::isEmpty);
    headers.putIfAbsent("Accept", "text/event-stream");
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
