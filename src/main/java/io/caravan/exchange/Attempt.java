package io.caravan.exchange;

import io.caravan.anthropic.MessageAggregator;
import io.caravan.anthropic.Usage;
import io.caravan.limits.upstream.Permit;
import io.caravan.translate.request.UpstreamRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * One call of an upstream: the model, what goes to it, and what comes back. A retry and a fallback
 * start a fresh one.
 */
public final class Attempt {
  private static final String PROPERTY = "CaravanAttempt";

  private final ModelChoice model;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private String protocol;
  private UpstreamRequest request;
  private Answer answer = Answer.NONE;
  private UpstreamStream stream;
  private Permit permit;
  private MessageAggregator gathered;

  public Attempt(ModelChoice model) {
    this.model = model;
  }

  /** Returns the exchange's present attempt; one without a model before choose-model. */
  public static Attempt of(Exchange exchange) {
    Attempt attempt = exchange.getProperty(PROPERTY, Attempt.class);
    return attempt == null ? new Attempt(null) : attempt;
  }

  /** Starts the first attempt at a model: nothing that another has taught holds for it. */
  public static Attempt start(Exchange exchange, ModelChoice model) {
    GatewayRequest request = GatewayRequest.of(exchange);
    request.attempts().forgetComplaints();
    request.summary().chosen(model);
    return new Attempt(model).handTo(exchange);
  }

  /** Starts a further attempt at the same model. */
  public static Attempt repeat(Exchange exchange) {
    return new Attempt(of(exchange).model()).handTo(exchange);
  }

  /** Makes it the exchange's present attempt. */
  public Attempt handTo(Exchange exchange) {
    exchange.setProperty(PROPERTY, this);
    exchange.setProperty(Contract.MODEL, model);
    exchange.setProperty(Contract.PROVIDER, model.provider().getName());
    if (protocol != null) {
      exchange.setProperty(Contract.PROTOCOL, protocol);
    }
    return this;
  }

  /**
   * Gets the attempt ready to be called.
   *
   * @param spoken the upstream's protocol; {@code direct:stream-} and this is the route that reads
   *     its stream
   * @param sent goes upstream
   * @param expected reads the upstream's stream
   */
  public void prepare(Exchange exchange, String spoken, UpstreamRequest sent, Answer expected) {
    protocol = spoken;
    request = sent;
    answer = expected;
    exchange.setProperty(Contract.PROTOCOL, spoken);
    exchange.getMessage().setBody(sent.body());
  }

  /** Returns the provider and the model; null before choose-model. */
  public ModelChoice model() {
    return model;
  }

  /**
   * Returns what goes upstream.
   *
   * @throws IllegalStateException if no step has converted it
   */
  public UpstreamRequest request() {
    if (request == null) {
      throw new IllegalStateException("The request has not been converted: convert comes before");
    }
    return request;
  }

  /** Sets what goes upstream: a step between convert and call may change it. */
  public void setRequest(UpstreamRequest request) {
    this.request = request;
  }

  /** Returns further headers of this one call, to which a step before call may add. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns what reads the upstream's stream. */
  public Answer answer() {
    return answer;
  }

  /**
   * Returns what reads the upstream's stream, of one protocol.
   *
   * @throws IllegalStateException if the upstream speaks another
   */
  public <T extends Answer> T answer(Class<T> kind) {
    if (!kind.isInstance(answer)) {
      throw new IllegalStateException(
          "This step reads a " + kind.getSimpleName() + "; the route before it prepared none");
    }
    return kind.cast(answer);
  }

  /** Sets the open stream of the upstream. */
  public void setStream(UpstreamStream stream) {
    this.stream = stream;
  }

  /** Notes that the answer is whole, whatever the upstream's connection does now. */
  public void completed() {
    if (stream != null) {
      stream.complete();
    }
  }

  /** Lets pings go out as long as the call is watched by a timer. */
  public void pingDuring(GatewayRequest gateway) {
    if (stream != null) {
      gateway.pingDuring(stream.call()::watched);
    }
  }

  /** Returns what gathers the message where the client does not stream. */
  public MessageAggregator gathered() {
    if (gathered == null) {
      gathered = new MessageAggregator();
    }
    return gathered;
  }

  /** Ends the call. */
  public void close() {
    if (stream != null) {
      stream.close();
    }
  }

  /** Sets the permit that the call runs with. */
  public void setPermit(Permit permit) {
    this.permit = permit;
  }

  /** Gives the permit back. */
  public void releasePermit() {
    if (permit != null) {
      permit.close();
      permit = null;
    }
  }

  /**
   * Returns what the call has cost so far; null where that is nothing. A call that failed before
   * its first content costs nothing.
   */
  public Usage usage() {
    return stream == null ? null : answer.usage();
  }
}
