package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The gate for new requests. While it is open, they pass. While it is held, they wait, for the
 * moment in which routes are replaced. Once it is closed, they are refused: the gateway is shutting
 * down.
 */
public final class RequestGate {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final List<Runnable> waiting = new ArrayList<>();
  private boolean held;
  private volatile boolean closed;

  /** Makes new requests wait. */
  public synchronized void hold() {
    held = true;
  }

  /** Lets waiting requests pass, in the order of their arrival, and new ones too. */
  public void open() {
    List<Runnable> released;
    synchronized (this) {
      held = false;
      released = List.copyOf(waiting);
      waiting.clear();
    }
    released.forEach(Runnable::run);
  }

  /** Refuses new requests for good. */
  public void close() {
    closed = true;
  }

  boolean closed() {
    return closed;
  }

  AnthropicException refusal() {
    return new AnthropicException(
        ErrorType.OVERLOADED,
        ErrorType.OVERLOADED.status(),
        "The gateway is being stopped",
        RETRY_AFTER,
        null,
        null);
  }

  /** Lets a request pass to its route, now or when the gate opens. */
  void pass(RoutingContext context) {
    if (!mustWait(context)) {
      context.next();
    }
  }

  private synchronized boolean mustWait(RoutingContext context) {
    if (held) {
      context.request().pause();
      Context eventLoop = Vertx.currentContext();
      waiting.add(() -> eventLoop.runOnContext(v -> goOn(context)));
    }
    return held;
  }

  private static void goOn(RoutingContext context) {
    context.next();
    context.request().resume();
  }
}
