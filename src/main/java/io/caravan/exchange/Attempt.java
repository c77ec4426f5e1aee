package io.caravan.exchange;

import io.caravan.anthropic.MessageAggregator;
import io.caravan.anthropic.Usage;
import io.caravan.judge.PendingVerdicts;
import io.caravan.limits.upstream.Permit;
import io.caravan.openai.SsePayloads;
import io.caravan.translate.request.UpstreamRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * One call to an upstream: the model, the request to it and the stream from it. Each retry and each
 * fallback starts a new attempt, so its state never outlives a failed call.
 *
 * <p>Stages get it by {@link #of}. It is used by one thread at a time.
 */
public final class Attempt {
  private static final String PROPERTY = "CaravanAttempt";

  /** Stands in until a call has been prepared: a failure before that has no stream. */
  private static final Answer NO_ANSWER =
      new Answer() {
        @Override
        public Opening inspect(SsePayloads part, int index) {
          return Opening.NOTHING;
        }

        @Override
        public Usage usage() {
          return null;
        }
      };

  private final ModelChoice model;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private String protocol;
  private UpstreamRequest request;
  private Answer answer = NO_ANSWER;
  private UpstreamStream stream;
  private CallKey key;
  private Permit permit;
  private MessageAggregator gathered;
  private boolean permitEndsWithCall;
  private boolean called;
  private UpstreamReply reply = UpstreamReply.NONE;
  private PendingVerdicts verdicts;

  /**
   * Makes an attempt that belongs to no exchange yet.
   *
   * @param model the model to call
   */
  public Attempt(ModelChoice model) {
    this.model = model;
  }

  /**
   * Returns the present attempt of an exchange. Before choose-model there is none yet: the result
   * then has no model, and nothing that is set in it is kept.
   */
  public static Attempt of(Exchange exchange) {
    return exchange.getProperty(PROPERTY) instanceof Attempt known ? known : new Attempt(null);
  }

  /**
   * Starts the first attempt at a model. It forgets the complaints of the model before it, and
   * enters the model in the request's summary.
   */
  public static Attempt start(Exchange exchange, ModelChoice model) {
    GatewayRequest request = GatewayRequest.of(exchange);
    request.attempts().forgetComplaints();
    request.summary().chosen(model);
    model.report(request.headers());
    return new Attempt(model).handTo(exchange);
  }

  /** Starts another attempt at the same model. */
  public static Attempt repeat(Exchange exchange) {
    return new Attempt(of(exchange).model()).handTo(exchange);
  }

  /** Puts an attempt at the same model into a copy of the exchange; it has no call. */
  static void watch(Exchange copy) {
    Attempt watched = of(copy);
    if (watched.hasModel()) {
      copy.setProperty(PROPERTY, new Attempt(watched.model()));
    } else {
      copy.removeProperty(PROPERTY);
    }
  }

  /**
   * Makes this the present attempt of an exchange, and sets the properties {@link Contract#MODEL},
   * {@link Contract#PROVIDER} and, once prepared, {@link Contract#PROTOCOL}.
   *
   * @return this attempt
   */
  public Attempt handTo(Exchange exchange) {
    of(exchange).cancelVerdicts(this);
    exchange.setProperty(PROPERTY, this);
    exchange.setProperty(Contract.MODEL, model);
    exchange.setProperty(Contract.PROVIDER, model.provider().getName());
    if (protocol != null) {
      exchange.setProperty(Contract.PROTOCOL, protocol);
    }
    return this;
  }

  /** Ends the judge's calls for a message of which another attempt begins anew. */
  private void cancelVerdicts(Attempt next) {
    if (verdicts != null && next != this) {
      verdicts.cancel();
    }
  }

  /**
   * Prepares the call. A stage that converts requests for an upstream calls this as its last step.
   * It sets {@link Contract#PROTOCOL} and makes the upstream's request the body of the exchange.
   *
   * @param upstreamProtocol the upstream's protocol; the route {@code direct:stream-PROTOCOL} reads
   *     its stream
   * @param upstreamRequest the request to the upstream
   * @param reader the reader of the upstream's stream
   */
  public void prepare(
      Exchange exchange, String upstreamProtocol, UpstreamRequest upstreamRequest, Answer reader) {
    protocol = upstreamProtocol;
    request = upstreamRequest;
    answer = reader;
    exchange.setProperty(Contract.PROTOCOL, upstreamProtocol);
    exchange.getMessage().setBody(upstreamRequest.body());
  }

  /**
   * Returns the provider and the model.
   *
   * @throws IllegalStateException if no step has chosen them
   */
  public ModelChoice model() {
    if (model == null) {
      throw new IllegalStateException("No model has been chosen: choose-model comes before");
    }
    return model;
  }

  /** Returns whether a model has been chosen. */
  public boolean hasModel() {
    return model != null;
  }

  /**
   * Returns the request to the upstream, a JSON body with the facts needed to read its stream.
   *
   * @throws IllegalStateException if no step has prepared the call
   */
  public UpstreamRequest request() {
    if (request == null) {
      throw new IllegalStateException("The request has not been converted: convert comes before");
    }
    return request;
  }

  /** Replaces the request to the upstream. A step between convert and call may do so. */
  public void setRequest(UpstreamRequest request) {
    this.request = request;
  }

  /**
   * Returns further HTTP headers of this call, by name. The map may be changed: a step before call
   * adds headers here, and they take precedence over the provider's.
   */
  public Map<String, String> headers() {
    return headers;
  }

  /**
   * Returns the reader of the upstream's stream; before {@link #prepare} one that reads nothing.
   */
  public Answer answer() {
    return answer;
  }

  /**
   * Returns the reader of the upstream's stream as the type that a stage needs.
   *
   * @throws IllegalStateException if the call was prepared with another type
   */
  public <T extends Answer> T answer(Class<T> kind) {
    if (!kind.isInstance(answer)) {
      throw new IllegalStateException(
          "This step needs a " + kind.getSimpleName() + ", and the route before it prepared none");
    }
    return kind.cast(answer);
  }

  /** Records that the request is sent to the upstream. */
  public void call() {
    called = true;
    key().sent();
  }

  /** Returns whether the request was sent to the upstream, which may then have read its input. */
  public boolean isCalled() {
    return called;
  }

  /** Sets the head of the upstream's response. */
  public void setReply(UpstreamReply reply) {
    this.reply = reply;
  }

  /** Returns the head of the upstream's response; status 0 before there is one. */
  public UpstreamReply reply() {
    return reply;
  }

  /** Sets the open stream of the upstream, at its first content. */
  public void setStream(UpstreamStream stream) {
    this.stream = stream;
    if (permitEndsWithCall) {
      stream.whenClosed(this::releasePermit);
    }
  }

  /**
   * Marks the upstream's stream as complete. From then on, a connection that breaks or stays silent
   * is no failure.
   */
  public void completed() {
    if (stream != null) {
      stream.complete();
    }
  }

  /**
   * Marks the completion as finished but for its usage and the end of its stream.
   *
   * @param usage whether the usage has come
   * @param more whether content came behind the finish reason
   */
  public void finished(boolean usage, boolean more) {
    if (stream != null) {
      stream.finished(usage, more);
    }
  }

  /** Allows keep-alive pings of a request as long as a timer watches this call. */
  public void pingDuring(GatewayRequest gateway) {
    if (stream != null) {
      gateway.pingDuring(stream.call()::watched);
    }
  }

  /** Returns the aggregator of the message for a client that does not stream. */
  public MessageAggregator gathered() {
    if (gathered == null) {
      gathered = new MessageAggregator();
    }
    return gathered;
  }

  /** Continues a message of which other attempts have written the beginning. */
  void continueMessage(MessageAggregator before) {
    gathered = before.continued();
  }

  /** Returns the verdicts on the message's tool calls; null if no step judges them. */
  public PendingVerdicts verdicts() {
    return verdicts;
  }

  /** Sets the verdicts on the message's tool calls, which the message's end waits for. */
  public void setVerdicts(PendingVerdicts verdicts) {
    this.verdicts = verdicts;
  }

  /** Closes the upstream's stream and thus ends the call. */
  public void close() {
    if (stream != null) {
      stream.close();
    }
  }

  /** Returns the key of the call: the one that was chosen, or the provider's first. */
  public CallKey key() {
    if (key == null) {
      key = CallKey.firstOf(model().provider());
    }
    return key;
  }

  /** Sets the key of the call, once it is chosen. */
  public void setKey(CallKey key) {
    this.key = key;
  }

  /** Sets the permit of the call. */
  public void setPermit(Permit permit) {
    this.permit = permit;
  }

  /**
   * Gives the permit back when the call fails or its stream is closed: where no client is
   * connected, there may be nothing else that ends.
   */
  public void endPermitWithCall() {
    permitEndsWithCall = true;
  }

  /** Records that the call has failed before its first content. */
  public void failed() {
    if (permitEndsWithCall) {
      releasePermit();
    }
  }

  /** Gives the permit back, if there is one; calling it twice does nothing. */
  public void releasePermit() {
    Permit held = permit;
    permit = null;
    if (held != null) {
      held.close();
    }
  }

  /**
   * Returns the tokens used so far; null if there are none, or none are known. A call that failed
   * before its first content has used none.
   */
  public Usage usage() {
    return stream == null ? null : answer.usage();
  }
}
