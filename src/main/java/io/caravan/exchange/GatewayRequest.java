package io.caravan.exchange;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Usage;
import io.caravan.http.ClientResponse;
import io.caravan.http.KeepAlivePings;
import io.caravan.limits.client.Client;
import io.caravan.limits.client.Cost;
import io.caravan.limits.client.Reservation;
import io.caravan.limits.upstream.AdmissionRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;

/**
 * One request of a client, from its acceptance to the end of its response. It holds what the stages
 * share beside the exchange properties of {@link Contract}.
 *
 * <p>Stages get it by {@link #of}. All its parts have a value from the start, also if a stage runs
 * in another application without accept before it; only {@link #message} needs a step before. It is
 * used by one thread at a time; the headers and the response may be used by any.
 */
public final class GatewayRequest {
  private static final String PROPERTY = "CaravanGatewayRequest";

  // The keep-alive pings read the headers on another thread.
  private final Map<String, String> headers = new ConcurrentHashMap<>();
  private final RequestSummary summary;
  private final RequestTimeline timeline;
  private final RequestEnd end = new RequestEnd();
  private final Attempts attempts = new Attempts(headers);
  private String id = "";
  private String path = "";
  private String query = "";
  private ClientInfo client = ClientInfo.UNKNOWN;
  private Client key = Client.unlimited("");
  private ClientResponse response = ClientResponse.NONE;
  private KeepAlivePings pings;
  private boolean messageStarted;
  private MessagesRequest message;
  private long rawTokens;
  private Reservation reservation;
  private AdmissionRequest place;
  private final AtomicReference<Cost> spentBeside = new AtomicReference<>(Cost.NONE);
  private Runnable placed;
  private boolean reasoningApart;
  private boolean operators;

  private GatewayRequest(RequestSummary summary, RequestTimeline timeline) {
    this.summary = summary;
    this.timeline = timeline;
  }

  /** Returns the request of an exchange; creates it if there is none. */
  public static GatewayRequest of(Exchange exchange) {
    if (exchange.getProperty(PROPERTY) instanceof GatewayRequest known) {
      return known;
    }
    RequestSummary summary = new RequestSummary();
    GatewayRequest request = new GatewayRequest(summary, new RequestTimeline(summary.startedAt()));
    exchange.setProperty(PROPERTY, request);
    return request;
  }

  /**
   * Puts a second view of the request into a copy of its exchange, for a call that races the first.
   * The view has headers, attempts and a place in queues of its own, and no keep-alive pings, since
   * the first call sends them.
   *
   * @param copy the exchange of the second call
   * @param scope the client's response as the second call sees it
   * @return the second view
   */
  public GatewayRequest race(Exchange copy, ClientResponse scope) {
    GatewayRequest second = copyTo(copy, summary, timeline);
    second.headers.putAll(headers);
    second.response = scope;
    second.reservation = reservation;
    return second;
  }

  /**
   * Puts a view of the request into a copy of its exchange, for a tap: it can neither write to the
   * client nor charge it, and has a summary of its own.
   */
  void watch(Exchange copy) {
    RequestSummary own = new RequestSummary();
    copyTo(copy, own, new RequestTimeline(own.startedAt()));
  }

  private GatewayRequest copyTo(
      Exchange copy, RequestSummary summaryOfCopy, RequestTimeline timelineOfCopy) {
    GatewayRequest second = new GatewayRequest(summaryOfCopy, timelineOfCopy);
    second.id = id;
    second.path = path;
    second.query = query;
    second.client = client;
    second.key = key;
    second.message = message;
    second.rawTokens = rawTokens;
    copy.setProperty(PROPERTY, second);
    return second;
  }

  /**
   * Makes this the request of a call that the gateway itself makes for a client's request, such as
   * a judge's. It takes its place before new turns, learns nothing and is changed by nothing that
   * was learned, and its tokens count to the spend of the client's key.
   *
   * @param other the client's request
   * @param scope the response, whose close ends the call
   * @param entered is run once the call is in its upstream's queue, or has left without one; it may
   *     run twice
   */
  public void callFor(GatewayRequest other, ClientResponse scope, Runnable entered) {
    placed = entered;
    id = other.id;
    client =
        new ClientInfo(
            other.client.tenant(), null, null, null, null, other.client.traceparent(), null);
    response = scope;
  }

  /** Returns whether this is a call that the gateway itself makes for a client's request. */
  public boolean isBeside() {
    return placed != null;
  }

  /** Has reasoning never taken for the text of a completion that has no other. */
  public void keepReasoningApart() {
    reasoningApart = true;
  }

  /** Returns whether reasoning is never taken for the text of a completion. */
  public boolean keepsReasoningApart() {
    return reasoningApart;
  }

  /** Adds what a call has used that was made for this request. */
  public void spent(RequestSummary beside) {
    spentBeside.accumulateAndGet(cost(beside, beside.usage()), Cost::plus);
  }

  /** Adds what an earlier call of this request's own model has used; null for nothing. */
  public void spent(Usage earlier) {
    spentBeside.accumulateAndGet(cost(summary, earlier), Cost::plus);
  }

  /** Returns what calls have used that were made for this request. */
  Cost spentBeside() {
    return spentBeside.get();
  }

  /** Takes over the headers and fallbacks of the call that has won the race. */
  public void takeOver(GatewayRequest winner) {
    headers.clear();
    headers.putAll(winner.headers);
    attempts.setFallbacks(winner.attempts.fallbacks());
  }

  /** Returns the request's id, {@code req_…}; empty if no accept stage has run. */
  public String id() {
    return id;
  }

  /** Sets the request's id. */
  public void setId(String id) {
    this.id = id;
  }

  /** Returns the id of the message in the response, {@code msg_…}. */
  public String messageId() {
    return id.startsWith("req_") ? "msg_" + id.substring(4) : id;
  }

  /** Returns the path after the route's own, as the client wrote it; empty if there is none. */
  public String path() {
    return path;
  }

  /** Returns the query as the client wrote it, without {@code ?}; empty if there is none. */
  public String query() {
    return query;
  }

  /** Returns whether the client asks what would be done with the request, and not for an answer. */
  public boolean asksForExplanation() {
    return !query.isEmpty() && List.of(query.split("&", -1)).contains("explain=true");
  }

  /** Sets the path after the route's own, and the query; null for none. */
  public void setTarget(String path, String query) {
    this.path = path == null ? "" : path;
    this.query = query == null ? "" : query;
  }

  /** Returns the client by the request's headers. */
  public ClientInfo client() {
    return client;
  }

  /** Sets the client. */
  public void setClient(ClientInfo client) {
    this.client = client;
  }

  /** Returns the holder of the client key, with the key's limits; without keys it has none. */
  public Client key() {
    return key;
  }

  /** Sets the holder of the client key, with the key's limits. */
  public void setKey(Client key) {
    this.key = key;
  }

  /** Returns whether the client has sent the operator's key beside its own. */
  public boolean isOperators() {
    return operators;
  }

  /** Sets whether the client has sent the operator's key beside its own. */
  public void setOperators(boolean operators) {
    this.operators = operators;
  }

  /** Returns the response to the client; {@link ClientResponse#NONE} if no client is connected. */
  public ClientResponse response() {
    return response;
  }

  /** Sets the response to the client. */
  public void setResponse(ClientResponse response) {
    this.response = response;
  }

  /**
   * Returns the headers of the response, by name. The map may be changed: a stage adds headers here
   * until the response is opened. Null values are refused.
   */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns the summary for metrics and the log, which the stages fill. */
  public RequestSummary summary() {
    return summary;
  }

  /** Returns the stages and the calls upstream, for the request's record. */
  public RequestTimeline timeline() {
    return timeline;
  }

  /** Returns the request's end, at which its record is made. */
  public RequestEnd end() {
    return end;
  }

  /** Returns the failed attempts so far, and the fallbacks that are left. */
  public Attempts attempts() {
    return attempts;
  }

  /** Sets the keep-alive pings for a client that streams. */
  public void setPings(KeepAlivePings pings) {
    this.pings = pings;
  }

  /**
   * Allows keep-alive pings during a wait that a timer will end.
   *
   * @param armed returns whether the timer is armed; false for good once the wait has ended
   */
  public void pingDuring(BooleanSupplier armed) {
    if (pings != null) {
      pings.during(armed);
    }
  }

  /** Switches the keep-alive pings from comments to events, since the message has started. */
  public void messageStarted() {
    messageStarted = true;
    if (pings != null) {
      pings.messageStarted();
    }
  }

  /** Returns whether events of the message have gone out. */
  public boolean hasMessageStarted() {
    return messageStarted;
  }

  /**
   * Returns the parsed request.
   *
   * @throws IllegalStateException if no step has read the request
   */
  public MessagesRequest message() {
    if (message == null) {
      throw new IllegalStateException("The request has not been read: read-request comes before");
    }
    return message;
  }

  /** Returns whether a step has read the request. */
  public boolean hasMessage() {
    return message != null;
  }

  /** Returns whether the client gets the message as a whole, and nothing before its end. */
  public boolean wantsWholeMessage() {
    return message != null && !message.stream();
  }

  /** Sets the parsed request. A step after read-request may replace it. */
  public void setMessage(MessagesRequest message) {
    this.message = message;
  }

  /** Returns the input tokens of an exchange's request, or 0 if no step has counted them. */
  public static long inputTokens(Exchange exchange) {
    return exchange.getProperty(Contract.INPUT_TOKENS, 0L, Long.class);
  }

  /** Returns the estimate of the input tokens before its correction. */
  public long rawTokens() {
    return rawTokens;
  }

  /** Sets the estimate of the input tokens before its correction by the conversation's calls. */
  public void setRawTokens(long rawTokens) {
    this.rawTokens = rawTokens;
  }

  /** Sets the reservation of tokens that holds until the client is charged. */
  public void setReservation(Reservation reservation) {
    this.reservation = reservation;
  }

  /**
   * Charges the client for the request; only the first charge counts.
   *
   * @param usage the tokens used, or null for none
   */
  public void charge(Usage usage) {
    if (reservation != null) {
      reservation.charge(cost(summary, usage).plus(spentBeside.get()));
    }
  }

  private static Cost cost(RequestSummary model, Usage usage) {
    Long price = Price.of(model.card(), usage);
    return new Cost(total(usage), price == null ? 0 : price);
  }

  private static long total(Usage usage) {
    return usage == null
        ? 0
        : usage.inputTokens()
            + usage.outputTokens()
            + usage.cacheReadInputTokens()
            + usage.cacheCreationInputTokens();
  }

  /** Returns the request's place in the queues of upstreams, which all its attempts share. */
  public AdmissionRequest place() {
    if (place == null) {
      place =
          isBeside()
              ? AdmissionRequest.urgent(placed)
              : new AdmissionRequest(
                  new AdmissionRequest.Turn(
                      client.tenant(), client.session(), client.agent() != null),
                  null);
      response.onClose(place::cancel);
    }
    return place;
  }
}
