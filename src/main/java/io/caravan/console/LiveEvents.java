package io.caravan.console;

import io.caravan.observe.RequestRecord;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Sends a browser each request that ends, and once a second those under way, as server-sent events.
 * A browser that doesn't read misses events: they are not kept for it. The stream ends with the
 * person's login.
 */
final class LiveEvents {
  private static final long EACH_MILLIS = 1000;

  /** Proxies close a connection that is silent for a minute. */
  private static final int PING_TICKS = 15;

  private final RoutingContext context;
  private final HttpServerResponse response;
  private final RecentRequests requests;
  private final Supplier<Viewer> viewers;
  private boolean idle;
  private int quietTicks;

  LiveEvents(RoutingContext context, RecentRequests requests, Supplier<Viewer> viewers) {
    this.context = context;
    this.response = context.response();
    this.requests = requests;
    this.viewers = viewers;
  }

  void start() {
    Context loop = context.vertx().getOrCreateContext();
    response
        .setChunked(true)
        .putHeader("content-type", "text/event-stream")
        .putHeader("cache-control", "no-store")
        .putHeader("x-accel-buffering", "no");
    var unused = response.write(": the console\n\n");
    RecentRequests.Subscription watch =
        requests.watch(
            request -> {
              Viewer viewer = viewers.get();
              if (viewer != null && viewer.maySee(request)) {
                loop.runOnContext(v -> send("ended", () -> RequestView.of(request, false)));
              }
            });
    long timer = context.vertx().setPeriodic(EACH_MILLIS, t -> tick());
    context.addEndHandler(
        done -> {
          watch.end();
          context.vertx().cancelTimer(timer);
        });
  }

  private void tick() {
    Viewer viewer = viewers.get();
    if (viewer == null) {
      var unused = response.end();
      return;
    }
    List<RequestRecord> running = requests.running().stream().filter(viewer::maySee).toList();
    if (running.isEmpty() && idle) {
      ping();
      return;
    }
    idle = running.isEmpty();
    quietTicks = 0;
    send("running", () -> Map.of("running", RequestView.all(running, true)));
  }

  private void ping() {
    if (++quietTicks % PING_TICKS == 0 && reads()) {
      var unused = response.write(": nothing new\n\n");
    }
  }

  private void send(String name, Supplier<Map<String, Object>> data) {
    if (reads()) {
      var unused =
          response.write("event: " + name + "\ndata: " + Console.json(data.get()) + "\n\n");
    }
  }

  private boolean reads() {
    return !response.closed() && !response.ended() && !response.writeQueueFull();
  }
}
