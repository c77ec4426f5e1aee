package io.caravan.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The connections of clients: not more than a maximum, and none that is open without a request for
 * long. Vert.x' own idle timeout can't be used, since it would also end a stream whose upstream
 * thinks.
 */
public final class Connections {
  private static final long SWEEP_MILLIS = 500;

  private final Map<HttpConnection, State> open = new ConcurrentHashMap<>();
  private int maximum = 10_000;
  private long headNanos = TimeUnit.SECONDS.toNanos(30);
  private long idleNanos = TimeUnit.MINUTES.toNanos(10);

  void setMaximum(int maximum) {
    this.maximum = maximum;
  }

  void setHeadTimeoutMillis(long millis) {
    headNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  void setIdleTimeoutMillis(long millis) {
    idleNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** How many there are. */
  public int size() {
    return open.size();
  }

  void watch(Vertx vertx) {
    vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep());
  }

  void opened(HttpConnection connection) {
    if (open.size() >= maximum) {
      connection.close();
      return;
    }
    open.put(connection, taken(connection));
  }

  /**
   * A request has come.
   *
   * @param ended run once, when its answer is complete or its connection closed
   */
  void request(RoutingContext context, Runnable ended) {
    HttpConnection connection = context.request().connection();
    State state = open.computeIfAbsent(connection, this::taken);
    state.everUsed = true;
    state.running.add(ended);
    // Its other end handlers are lost where a stage sets the response's own.
    context.addBodyEndHandler(v -> state.end(ended));
  }

  /** One that was opened before there was a limit, or where there is none. */
  private State taken(HttpConnection connection) {
    connection.closeHandler(v -> closed(connection));
    return new State();
  }

  private void closed(HttpConnection connection) {
    State state = open.remove(connection);
    if (state != null) {
      state.running.forEach(state::end);
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    open.forEach(
        (connection, state) -> {
          long allowed = state.everUsed ? idleNanos : headNanos;
          if (state.running.isEmpty() && now - state.freeSince > allowed) {
            connection.close();
          }
        });
  }

  private static final class State {
    private final Set<Runnable> running = ConcurrentHashMap.newKeySet();
    private volatile boolean everUsed;
    private volatile long freeSince = System.nanoTime();

    void end(Runnable ended) {
      if (running.remove(ended)) {
        freeSince = System.nanoTime();
        ended.run();
      }
    }
  }
}
