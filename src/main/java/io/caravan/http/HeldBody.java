package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.time.Duration;

/**
 * The resources that one request holds: the bytes of its body and a worker. All are given back when
 * the response is complete or the connection is closed. It is called on the request's event loop,
 * but for {@link #read} and {@link #sent}.
 */
final class HeldBody implements CountedRequest.Counter, Runnable {
  private final RoutingContext context;
  private final Connections connections;
  private final BodyBudget budget;
  private final Workers workers;
  private Runnable arrived = () -> {};
  private boolean known = true;
  private long most;
  private long bytes;
  private boolean working;
  private boolean sent;
  private boolean over;

  HeldBody(RoutingContext context, Connections connections, BodyBudget budget, Workers workers) {
    this.context = context;
    this.connections = connections;
    this.budget = budget;
    this.workers = workers;
  }

  /** Sets the largest body, and whether the client has a key. */
  void limit(long most, boolean known) {
    this.most = most;
    this.known = known;
  }

  /** Sets what runs when the body is complete, or the request is over. */
  void whenArrived(Runnable action) {
    arrived = action;
  }

  /**
   * Takes memory for bytes that have arrived or will arrive.
   *
   * @throws AnthropicException if the body or all bodies have too many
   */
  void take(long more) {
    if (over) {
      return;
    }
    boolean within = count(more);
    checkSize(bytes);
    if (!within) {
      throw new AnthropicException(
          ErrorType.OVERLOADED,
          ErrorType.OVERLOADED.status(),
          "The gateway's memory is full of other requests",
          Duration.ofSeconds(2),
          null,
          null);
    }
  }

  private synchronized boolean count(long more) {
    bytes += more;
    return budget.take(more, bytes, known);
  }

  @Override
  public void read() {
    ((RoutingContextInternal) context).setBody(null);
  }

  /** Gives most of the memory back: a stream that may last for minutes keeps the prompt alone. */
  @Override
  public synchronized void sent() {
    if (!sent && !over) {
      sent = true;
      bytes = budget.sent(bytes, known);
    }
  }

  /** Checks a size that was announced or reached. */
  void checkSize(long size) {
    if (!known && size > budget.withoutKey()) {
      throw PresentedKey.unknown(
          "Without one of the gateway's client keys a body has at most "
              + budget.withoutKey()
              + " bytes");
    }
    if (size > most) {
      throw new AnthropicException(
          ErrorType.REQUEST_TOO_LARGE, "Request exceeds the maximum of " + most + " bytes");
    }
  }

  /** Takes a worker, once the request is complete. */
  void work() {
    arrived.run();
    workers.take();
    working = true;
  }

  @Override
  public boolean part(int length) {
    return accepted(() -> take(length));
  }

  @Override
  public boolean complete() {
    return accepted(this::work);
  }

  private boolean accepted(Runnable check) {
    try {
      check.run();
      return true;
    } catch (AnthropicException e) {
      connections.lastAnswer(context.request().connection());
      JsonErrorPages.answer(context, e, true);
      return false;
    }
  }

  @Override
  public void run() {
    arrived.run();
    giveBack();
    if (working) {
      workers.giveBack();
    }
  }

  private synchronized void giveBack() {
    over = true;
    budget.giveBack(bytes, known);
  }
}
