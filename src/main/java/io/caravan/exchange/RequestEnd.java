package io.caravan.exchange;

/**
 * The end of a request. Two things end, in either order: the response, on the server's event loop,
 * and the exchange, which charges the client after that. The request is over when both have.
 *
 * <p>Safe for use by several threads.
 */
public final class RequestEnd {
  private int open;
  private Runnable action;

  RequestEnd() {}

  /** Makes the request's end wait for one more {@link #close}. */
  public synchronized void open() {
    open++;
  }

  /** Sets the action that runs once, when everything opened has been closed. */
  public synchronized void whenOver(Runnable whenOver) {
    action = whenOver;
  }

  /** Ends one of the parts, and with the last one the request. */
  public void close() {
    Runnable over;
    synchronized (this) {
      open--;
      over = open == 0 ? action : null;
      if (over != null) {
        action = null;
      }
    }
    if (over != null) {
      over.run();
    }
  }
}
