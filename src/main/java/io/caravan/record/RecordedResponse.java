package io.caravan.record;

import io.caravan.http.ClientResponse;
import java.util.Map;
import java.util.function.Supplier;

/** The client's response, whose stream is recorded. Keep-alive pings are left out. */
final class RecordedResponse implements ClientResponse {
  private final ClientResponse real;
  private final Recording recording;

  RecordedResponse(ClientResponse real, Recording recording) {
    this.real = real;
    this.recording = recording;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    recording.written(bytes, offset, length);
    real.write(bytes, offset, length);
  }

  @Override
  public void end(byte[] bytes, int offset, int length) {
    recording.written(bytes, offset, length);
    real.end(bytes, offset, length);
  }

  @Override
  public boolean offer(Supplier<Map<String, String>> headers, byte[] bytes) {
    return real.offer(headers, bytes);
  }

  @Override
  public void head(int status, Map<String, String> headers) {
    real.head(status, headers);
  }

  @Override
  public boolean started() {
    return real.started();
  }

  @Override
  public boolean claim() {
    return real.claim();
  }

  @Override
  public int status() {
    return real.status();
  }

  @Override
  public long lastWriteAt() {
    return real.lastWriteAt();
  }

  @Override
  public void requestSent() {
    real.requestSent();
  }

  @Override
  public void leave() {
    real.leave();
  }

  @Override
  public void end() {
    real.end();
  }

  @Override
  public boolean closed() {
    return real.closed();
  }

  @Override
  public boolean abandoned() {
    return real.abandoned();
  }

  @Override
  public void onClose(Runnable action) {
    real.onClose(action);
  }
}
