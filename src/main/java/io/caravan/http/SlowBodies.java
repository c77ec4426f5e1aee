package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends the requests of clients that send their body slowly, or not at all. Such a request holds a
 * connection, and memory for the part that has arrived.
 */
final class SlowBodies {
  private static final long SWEEP_MILLIS = 250;
  private static final int REQUEST_TIMEOUT = 408;

  private final Set<Arriving> arriving = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private Duration idle = Duration.ofSeconds(30);
  private Duration total = Duration.ofMinutes(5);
  private Duration withoutKey = Duration.ofSeconds(5);

  void setIdle(Duration idle) {
    this.idle = idle;
  }

  void setTotal(Duration total) {
    this.total = total;
  }

  void setWithoutKey(Duration withoutKey) {
    this.withoutKey = withoutKey;
  }

  /**
   * Watches a request's body. Called on the request's event loop when its head has arrived.
   *
   * @param known true if the client has a key: one without gets little time
   * @return what ends the watch: a request that is watched until the next sweep outlives a
   *     collection of young objects, and those that follow it too
   */
  Runnable watch(RoutingContext context, boolean known) {
    if (sweeping.compareAndSet(false, true)) {
      context.vertx().setPeriodic(SWEEP_MILLIS, timer -> sweep());
    }
    Arriving one =
        new Arriving(context, Vertx.currentContext(), known ? total : shorter(total, withoutKey));
    arriving.add(one);
    return () -> arriving.remove(one);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void sweep() {
    long now = System.nanoTime();
    arriving.removeIf(one -> one.over() || one.cut(now));
  }

  private final class Arriving {
    private final RoutingContext context;
    private final HttpServerRequest request;
    private final Context eventLoop;
    private final Duration most;
    private final long since = System.nanoTime();
    private long lastByteAt = since;
    private long bytes;

    Arriving(RoutingContext context, Context eventLoop, Duration most) {
      this.most = most;
      this.context = context;
      this.request = context.request();
      this.eventLoop = eventLoop;
    }

    boolean over() {
      return request.isEnded() || context.response().closed() || context.response().ended();
    }

    boolean cut(long now) {
      long read = request.bytesRead();
      if (read != bytes) {
        bytes = read;
        lastByteAt = now;
      }
      boolean late = now - lastByteAt > idle.toNanos() || now - since > most.toNanos();
      if (late) {
        eventLoop.runOnContext(v -> answer());
      }
      return late;
    }

    private void answer() {
      if (!request.isEnded()) {
        JsonErrorPages.answer(
            context,
            new AnthropicException(
                ErrorType.TIMEOUT,
                REQUEST_TIMEOUT,
                "The body of the request did not arrive in time",
                null,
                null,
                null),
            true);
      }
    }
  }
}
