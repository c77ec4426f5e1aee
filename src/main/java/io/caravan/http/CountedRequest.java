package io.caravan.http;

import io.caravan.limits.client.Client;
import io.caravan.limits.client.ClientKeys;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;

/**
 * A request whose body is counted before anyone keeps it. The edge comes before the handler that
 * gathers the body, and can't see its parts otherwise.
 */
public final class CountedRequest extends HttpServerRequestWrapper {
  /** An observer of a body. */
  interface Counter {
    /** Counts a part; returns false if the body is refused and the part must not be kept. */
    boolean part(int bytes);

    /** Learns that the body is complete; returns false if the request is refused. */
    boolean complete();

    /** Learns that the body has been read as a whole: nobody needs it as it was gathered. */
    void read();

    /** Learns that the upstream has the request. It is called on any thread, as the one before. */
    void sent();
  }

  private static final Object KEY = CountedRequest.class;

  private Counter counter;
  private boolean refused;
  private ClientKeys keys;
  private Client client;

  private final WaitingWrites waiting;

  private CountedRequest(HttpServerRequestInternal request, WaitingWrites waiting) {
    super(request);
    this.waiting = waiting;
  }

  /**
   * Wraps a request. Called on its context, before the router sees it.
   *
   * @param waiting what waits for the clients of the server
   */
  static CountedRequest wrap(HttpServerRequest request, WaitingWrites waiting) {
    CountedRequest counted = new CountedRequest((HttpServerRequestInternal) request, waiting);
    Vertx.currentContext().putLocal(KEY, counted);
    return counted;
  }

  /** Returns the wrapper of the request of this context; null if the server doesn't wrap any. */
  static CountedRequest current() {
    Context context = Vertx.currentContext();
    return context == null ? null : context.getLocal(KEY);
  }

  /** Lets go of the body of a request, once it has been read as a whole. */
  public static void read(HttpServerRequest request) {
    Context context = ((HttpServerRequestInternal) request).context();
    if (context.getLocal(KEY) instanceof CountedRequest counted && counted.counter != null) {
      counted.counter.read();
    }
  }

  /** Learns that the upstream has the request. */
  void sent() {
    if (counter != null) {
      counter.sent();
    }
  }

  WaitingWrites waiting() {
    return waiting;
  }

  /** Keeps what the edge has found out, so that a key is looked up once. */
  void authenticated(ClientKeys by, Client found) {
    keys = by;
    client = found;
  }

  /** Returns the client that was found by these keys; null if they were not asked. */
  Client client(ClientKeys by) {
    return by == keys ? client : null;
  }

  void count(Counter newCounter) {
    counter = newCounter;
  }

  @Override
  public HttpServerRequest handler(Handler<Buffer> handler) {
    delegate.handler(
        handler == null
            ? null
            : part -> {
              if (counter == null || (!refused && counter.part(part.length()))) {
                handler.handle(part);
              } else {
                drop();
              }
            });
    return this;
  }

  @Override
  public HttpServerRequest endHandler(Handler<Void> handler) {
    delegate.endHandler(
        handler == null
            ? null
            : end -> {
              if (counter == null || (!refused && counter.complete())) {
                handler.handle(null);
              }
            });
    return this;
  }

  /**
   * Lets go of the handlers, and so of what they have gathered; further parts are read and lost.
   */
  private void drop() {
    if (!refused) {
      refused = true;
      delegate.handler(part -> {});
      delegate.exceptionHandler(e -> {});
      delegate.endHandler(end -> {});
    }
  }
}
