package io.caravan.record;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.CallWatcher;
import io.caravan.exchange.ClientInfo;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.RequestSummary;
import io.caravan.http.CallListener;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * One exchange as it is recorded: it collects the bytes of both sides until the exchange has ended.
 * Racing calls fill it from several threads.
 */
public final class Recording implements CallWatcher {
  private final Instant at = Instant.now();
  private final byte[] request;
  private final List<String> secrets;
  private final RecordedBytes events;
  private final Room room;
  private final List<RecordedCall> calls = new ArrayList<>();
  private String id = "";
  private ClientInfo client = ClientInfo.UNKNOWN;
  private String outcome = "";
  private String tried = "";
  private long rawTokens;
  private long tokens;
  private int status;
  private byte[] body;

  /**
   * Begins a recording.
   *
   * @param request the client's body
   * @param secrets what is masked wherever it stands
   * @param room the memory that the recording may take
   */
  Recording(byte[] request, List<String> secrets, Room room) {
    this.request = request;
    this.secrets = secrets;
    this.room = room;
    events = new RecordedBytes(room);
    room.take(request.length);
  }

  @Override
  public CallListener calling(Exchange exchange, Attempt attempt) {
    RecordedCall call =
        new RecordedCall(
            attempt.model().fullName(),
            attempt.request().body(),
            GatewayRequest.of(exchange).response(),
            room);
    room.take(attempt.request().body().length());
    synchronized (calls) {
      calls.add(call);
    }
    return call;
  }

  /** Adds bytes of the stream to the client. */
  void written(byte[] bytes, int offset, int length) {
    events.add(bytes, offset, length);
  }

  /** Takes over what is known at the end of the exchange. */
  void end(Exchange exchange) {
    GatewayRequest ended = GatewayRequest.of(exchange);
    id = ended.id();
    client = ended.client();
    outcome = ended.summary().outcome();
    tried = ended.headers().getOrDefault("caravan-tried", "");
    rawTokens = ended.rawTokens();
    tokens = GatewayRequest.inputTokens(exchange);
    Message message = exchange.getMessage();
    status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    if (message.getBody() instanceof Buffer json) {
      body = json.getBytes();
    }
  }

  /** Returns the request's id, after which the recording is named. */
  public String id() {
    return id;
  }

  /** Returns whether the exchange was larger than a recording may be. */
  public boolean isTooLarge() {
    return room.isExhausted();
  }

  /** Gives the memory back. */
  void release() {
    room.release();
  }

  Instant at() {
    return at;
  }

  byte[] request() {
    return request;
  }

  List<String> secrets() {
    return secrets;
  }

  byte[] events() {
    return events.toByteArray();
  }

  /** Returns the calls without those that another one has overtaken. */
  List<RecordedCall> calls() {
    synchronized (calls) {
      return calls.stream().filter(call -> !call.isOvertaken(isLeft())).toList();
    }
  }

  /** Returns the models that were overtaken by another one. */
  List<String> overtaken() {
    synchronized (calls) {
      return calls.stream()
          .filter(call -> call.isOvertaken(isLeft()))
          .map(RecordedCall::model)
          .toList();
    }
  }

  /** Returns whether the client left before the end. */
  boolean isLeft() {
    return outcome.equals(RequestSummary.CLIENT_GONE);
  }

  ClientInfo client() {
    return client;
  }

  String outcome() {
    return outcome;
  }

  /** Returns the failed and skipped models, as the header {@code caravan-tried} names them. */
  String tried() {
    return tried;
  }

  long rawTokens() {
    return rawTokens;
  }

  long tokens() {
    return tokens;
  }

  /** Returns the status of a response that is no stream; 0 for a stream. */
  int status() {
    return status;
  }

  /** Returns the JSON of a response that is no stream, or null. */
  byte[] body() {
    return body;
  }
}
