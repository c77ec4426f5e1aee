package io.caravan.console;

import io.caravan.observe.RequestRecord;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;

/**
 * Sends a browser each request that ends, and once a second those under way, as server-sent events.
 * A browser that doesn't read misses events: they are not kept for it.
 */
final class LiveEvents {
  private static final long EACH_MILLIS = 1000;

  private final RoutingContext context;
  private final HttpServerResponse response;
  private final RecentRequests requests;
  private final Viewer viewer;
  private boolean idle;

  LiveEvents(RoutingContext context, RecentRequests requests, Viewer viewer) {
    this.context = context;
    this.response = context.response();
    this.requests = requests;
    this.viewer = viewer;
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
              if (viewer.maySee(request)) {
                loop.runOnContext(v -> send("ended", RequestView.of(request, false)));
              }
            });
    long timer = context.vertx().setPeriodic(EACH_MILLIS, t -> tick());
    response.closeHandler(
        v -> {
          watch.end();
          context.vertx().cancelTimer(timer);
        });
  }

  private void tick() {
    List<RequestRecord> running = requests.running().stream().filter(viewer::maySee).toList();
    if (running.isEmpty() && idle) {
      return;
    }
    idle = running.isEmpty();
    send("running", Map.of("running", RequestView.all(running, true)));
  }

  private void send(String name, Map<String, Object> data) {
    if (!response.closed() && !response.writeQueueFull()) {
      var unused = response.write("event: " + name + "\ndata: " + Console.json(data) + "\n\n");
    }
  }
}
