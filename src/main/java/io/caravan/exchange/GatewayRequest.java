package io.caravan.exchange;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Usage;
import io.caravan.http.ClientResponse;
import io.caravan.http.KeepAlivePings;
import io.caravan.limits.client.Client;
import io.caravan.limits.client.Reservation;
import io.caravan.limits.upstream.AdmissionRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;

/**
 * One request of a client, from its acceptance to the end of its response: what the stages know of
 * it beside the exchange properties of {@link Contract}. Each of its parts is there from the start,
 * also where a stage runs in another application, without accept before it.
 */
public final class GatewayRequest {
  private static final String PROPERTY = "CaravanGatewayRequest";

  // Keep-alive pings read them on another thread.
  private final Map<String, String> headers = new ConcurrentHashMap<>();
  private final RequestSummary summary;
  private final Attempts attempts = new Attempts(headers);
  private String id = "";
  private String path = "";
  private String query = "";
  private ClientInfo client = ClientInfo.UNKNOWN;
  private Client key = Client.unlimited("");
  private ClientResponse response = ClientResponse.NONE;
  private KeepAlivePings pings;
  private MessagesRequest message;
  private long rawTokens;
  private Reservation reservation;
  private AdmissionRequest place;

  private GatewayRequest(RequestSummary summary) {
    this.summary = summary;
  }

  /** Returns the exchange's request, and begins one where there is none. */
  public static GatewayRequest of(Exchange exchange) {
    GatewayRequest request = exchange.getProperty(PROPERTY, GatewayRequest.class);
    if (request == null) {
      request = new GatewayRequest(new RequestSummary());
      exchange.setProperty(PROPERTY, request);
    }
    return request;
  }

  /**
   * Puts a second view of the request into a copy of its exchange, for a call that races the first:
   * with a response, headers, attempts and a place in queues of its own, and without pings, which
   * the first call has.
   */
  public GatewayRequest race(Exchange copy, ClientResponse scope) {
    GatewayRequest second = new GatewayRequest(summary);
    second.headers.putAll(headers);
    second.id = id;
    second.path = path;
    second.query = query;
    second.client = client;
    second.key = key;
    second.response = scope;
    second.message = message;
    second.rawTokens = rawTokens;
    second.reservation = reservation;
    copy.setProperty(PROPERTY, second);
    return second;
  }

  /** Takes over what the racing call has brought beside its attempt. */
  public void takeOver(GatewayRequest winner) {
    headers.clear();
    headers.putAll(winner.headers);
    attempts.setFallbacks(winner.attempts.fallbacks());
  }

  /** Returns the request's id, {@code req_…}; empty where it was not accepted from a client. */
  public String id() {
    return id;
  }

  /** Sets the request's id. */
  public void setId(String id) {
    this.id = id;
  }

  /** Returns the id of the message that answers it. */
  public String messageId() {
    return id.startsWith("req_") ? "msg_" + id.substring(4) : id;
  }

  /** Returns the path behind that of the route, as the client wrote it. */
  public String path() {
    return path;
  }

  /** Returns the query as the client wrote it; empty where there is none. */
  public String query() {
    return query;
  }

  /** Sets the path behind that of the route, and the query; null is none. */
  public void setTarget(String path, String query) {
    this.path = path == null ? "" : path;
    this.query = query == null ? "" : query;
  }

  /** Returns what the request's headers say of the client. */
  public ClientInfo client() {
    return client;
  }

  /** Sets what the request's headers say of the client. */
  public void setClient(ClientInfo client) {
    this.client = client;
  }

  /** Returns the holder of the client key, and what the key allows. */
  public Client key() {
    return key;
  }

  /** Sets the holder of the client key. */
  public void setKey(Client key) {
    this.key = key;
  }

  /** Returns the response to the client. */
  public ClientResponse response() {
    return response;
  }

  /** Sets the response to the client. */
  public void setResponse(ClientResponse response) {
    this.response = response;
  }

  /** Returns the headers that the response will carry; any stage may add. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns the summary that metrics and the log get once the request is over. */
  public RequestSummary summary() {
    return summary;
  }

  /** Returns the attempts so far, and the fallbacks that are left. */
  public Attempts attempts() {
    return attempts;
  }

  /** Sets the pings that keep a streaming client patient. */
  public void setPings(KeepAlivePings pings) {
    this.pings = pings;
  }

  /**
   * Lets pings go out during a wait that a timer will end.
   *
   * @param armed whether the timer is; false for good once the wait is over
   */
  public void pingDuring(BooleanSupplier armed) {
    if (pings != null) {
      pings.during(armed);
    }
  }

  /** From now on pings are events, since the message has begun. */
  public void messageStarted() {
    if (pings != null) {
      pings.messageStarted();
    }
  }

  /**
   * Returns the parsed request.
   *
   * @throws IllegalStateException if no step has read it
   */
  public MessagesRequest message() {
    if (message == null) {
      throw new IllegalStateException("The request has not been read: read-request comes before");
    }
    return message;
  }

  /** Sets the parsed request. */
  public void setMessage(MessagesRequest message) {
    this.message = message;
  }

  /** Returns the input tokens of the exchange's request; 0 where nobody has counted them. */
  public static long inputTokens(Exchange exchange) {
    return exchange.getProperty(Contract.INPUT_TOKENS, 0L, Long.class);
  }

  /** Returns the estimate before it was corrected by what calls of the conversation cost. */
  public long rawTokens() {
    return rawTokens;
  }

  /** Sets the estimate before its correction. */
  public void setRawTokens(long rawTokens) {
    this.rawTokens = rawTokens;
  }

  /** Sets what the request may cost its client, until it is charged. */
  public void setReservation(Reservation reservation) {
    this.reservation = reservation;
  }

  /** Charges the client what the request has cost; null is nothing. */
  public void charge(Usage usage) {
    if (reservation != null) {
      reservation.charge(
          usage == null
              ? 0
              : usage.inputTokens()
                  + usage.outputTokens()
                  + usage.cacheReadInputTokens()
                  + usage.cacheCreationInputTokens());
    }
  }

  /** Returns the request's place in the queues of upstreams, which all of its attempts share. */
  public AdmissionRequest place() {
    if (place == null) {
      place =
          new AdmissionRequest(
              client.tenant() + "/" + client.session(), client.agent() != null, null);
      response.onClose(place::cancel);
    }
    return place;
  }
}
