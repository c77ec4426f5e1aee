package io.caravan.record;

import io.caravan.http.AbortReason;
import io.caravan.http.CallListener;
import io.caravan.http.ClientResponse;
import io.caravan.http.UpstreamCall;
import io.caravan.json.RawJson;

/** One call to an upstream: what was sent, and the bytes that came. */
final class RecordedCall implements CallListener {
  private final String model;
  private final RawJson request;
  private final ClientResponse client;
  private final RecordedBytes bytes;
  private volatile int status;
  private volatile String contentType = "";
  private volatile String retryAfter;
  private volatile AbortReason aborted;
  private volatile boolean broken;

  /**
   * @param model the full name of the model
   * @param request the body that is sent
   * @param client the client's response as this call sees it
   */
  RecordedCall(String model, RawJson request, ClientResponse client, Room room) {
    this.model = model;
    this.request = request;
    this.client = client;
    bytes = new RecordedBytes(room);
  }

  @Override
  public void opened(UpstreamCall call) {
    // A call that was acknowledged is polled for: the last response is the call's.
    bytes.clear();
    status = call.status();
    String type = call.header("content-type");
    contentType = type == null ? "" : type;
    retryAfter = call.header("retry-after");
  }

  @Override
  public void read(byte[] buffer, int offset, int count) {
    bytes.add(buffer, offset, count);
  }

  @Override
  public void closed(UpstreamCall call, boolean complete) {
    aborted = call.abortReason();
    // The end that nobody waits for any more is an end like any other.
    broken = !complete && aborted != AbortReason.NOT_NEEDED;
  }

  String model() {
    return model;
  }

  RawJson request() {
    return request;
  }

  /** Returns the HTTP status; 0 if there was no response. */
  int status() {
    return status;
  }

  String contentType() {
    return contentType;
  }

  /** Returns the header {@code retry-after}, or null. */
  String retryAfter() {
    return retryAfter;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  /** Returns whether the response broke off, or there was none. */
  boolean isBroken() {
    return status == 0 || broken;
  }

  /**
   * Returns whether another call was faster.
   *
   * @param clientLeft whether the client itself has left
   */
  boolean isOvertaken(boolean clientLeft) {
    return !clientLeft && aborted == AbortReason.CLIENT_GONE && client.abandoned();
  }
}
