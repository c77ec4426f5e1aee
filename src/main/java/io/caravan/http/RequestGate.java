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
 * The way in for requests. Open, they pass. Held, they wait, for the moment in which routes are
 * exchanged. Closed, they are refused: the gateway is being stopped.
 */
public final class RequestGate {
  private static final Duration COME_BACK = Duration.ofSeconds(5);

  private final List<Runnable> waiting = new ArrayList<>();
  private boolean held;
  private volatile boolean closed;

  /** New requests wait from now on. */
  public synchronized void hold() {
    held = true;
  }

  /** Those who waited go on, in the order they came; new ones pass. */
  public void open() {
    List<Runnable> let;
    synchronized (this) {
      held = false;
      let = List.copyOf(waiting);
      waiting.clear();
    }
    let.forEach(Runnable::run);
  }

  /** New requests are refused from now on, for good. */
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
        COME_BACK,
        null,
        null);
  }

  /** Lets a request go on to its route, now or when the gate opens. */
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
