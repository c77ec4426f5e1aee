package io.caravan.failover;

import io.caravan.http.ClientResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The client's response as one of two racing calls sees it. It is closed for the call that loses,
 * whose wait, connection and permit then end as if the client had left.
 */
final class ScopedResponse implements ClientResponse {
  private final ClientResponse real;
  private final List<Runnable> closeActions = new ArrayList<>();
  private boolean done;
  private volatile boolean overtaken;

  ScopedResponse(ClientResponse real) {
    this.real = real;
    real.onClose(this::runActions);
  }

  /** Closes the response for this call, since the other call was first. */
  void overtaken() {
    overtaken = true;
    runActions();
  }

  boolean isOvertaken() {
    return overtaken;
  }

  private void runActions() {
    List<Runnable> actions;
    synchronized (this) {
      done = true;
      actions = List.copyOf(closeActions);
      closeActions.clear();
    }
    actions.forEach(Runnable::run);
  }

  @Override
  public void onClose(Runnable action) {
    synchronized (this) {
      if (!done) {
        closeActions.add(action);
        return;
      }
    }
    action.run();
  }

  @Override
  public boolean closed() {
    return overtaken || real.closed();
  }

  @Override
  public boolean abandoned() {
    return overtaken || real.abandoned();
  }

  @Override
  public void requestSent() {
    real.requestSent();
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
  public void write(byte[] bytes, int offset, int length) {
    real.write(bytes, offset, length);
  }

  @Override
  public boolean offer(Supplier<Map<String, String>> headers, byte[] bytes) {
    return real.offer(headers, bytes);
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
  public void leave() {
    real.leave();
  }

  @Override
  public void end() {
    real.end();
  }

  @Override
  public void end(byte[] bytes, int offset, int length) {
    real.end(bytes, offset, length);
  }
}
