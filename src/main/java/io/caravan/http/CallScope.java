package io.caravan.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The response to a call that the gateway itself makes for a client's request. Nobody reads it;
 * closing it ends the call, its wait and its permit, as a client that leaves would.
 */
public final class CallScope extends NoClient {
  private final List<Runnable> closeActions = new ArrayList<>();
  private boolean closed;

  /** Ends the call; calling it twice does nothing. */
  public void close() {
    List<Runnable> actions;
    synchronized (this) {
      closed = true;
      actions = List.copyOf(closeActions);
      closeActions.clear();
    }
    actions.forEach(Runnable::run);
  }

  @Override
  public synchronized boolean closed() {
    return closed;
  }

  @Override
  public synchronized boolean abandoned() {
    return closed;
  }

  @Override
  public void onClose(Runnable action) {
    synchronized (this) {
      if (!closed) {
        closeActions.add(action);
        return;
      }
    }
    action.run();
  }
}
