package io.caravan.http;

import java.util.Map;
import java.util.function.Supplier;

/** The response to a request without a client: one of a file, a timer or a test call. */
class NoClient implements ClientResponse {
  private static final String CAUSE =
      "No client is connected to this exchange: the stage accept comes first, or the request does"
          + " not stream";

  @Override
  public void head(int status, Map<String, String> headers) {
    throw new IllegalStateException(CAUSE);
  }

  @Override
  public boolean started() {
    return false;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    throw new IllegalStateException(CAUSE);
  }

  @Override
  public boolean offer(Supplier<Map<String, String>> headers, byte[] bytes) {
    return false;
  }

  @Override
  public boolean claim() {
    return true;
  }

  @Override
  public int status() {
    return 0;
  }

  @Override
  public long lastWriteAt() {
    return System.nanoTime();
  }

  @Override
  public void requestSent() {
    // It has no body of a client.
  }

  @Override
  public void leave() {
    // There is no server whose writer could come later.
  }

  @Override
  public void end() {
    throw new IllegalStateException(CAUSE);
  }

  @Override
  public void end(byte[] bytes, int offset, int length) {
    throw new IllegalStateException(CAUSE);
  }

  @Override
  public boolean closed() {
    return false;
  }

  @Override
  public boolean abandoned() {
    return false;
  }

  @Override
  public void onClose(Runnable action) {
    // Nobody leaves, and nothing is completed.
  }
}
