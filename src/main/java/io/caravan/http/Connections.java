package io.caravan.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The connections of clients. Their number is limited, and one without a request is closed after a
 * while. Vert.x' idle timeout can't be used, since it would also end a stream whose upstream is
 * silent for long.
 */
public final class Connections {
  private static final long SWEEP_MILLIS = 500;
  private static final int HEAP_PARTS = 4;

  /** The time after which a connection without a request makes room for another. */
  private static final long SLOW_HEAD = TimeUnit.SECONDS.toNanos(2);

  /** A head takes twice its size: as bytes, and as names and values. */
  private static final long HEAD_COPIES = 2;

  private final Map<HttpConnection, State> open = new ConcurrentHashMap<>();
  private int maximum = 10_000;
  private long headNanos = TimeUnit.SECONDS.toNanos(30);
  private long idleNanos = TimeUnit.MINUTES.toNanos(10);

  void setMaximum(int maximum) {
    this.maximum = maximum;
  }

  /**
   * Lowers the most connections to those whose heads a quarter of the heap can hold: each may send
   * the whole of one and wait.
   */
  void limitHeads(int maxHeaderSize) {
    long heads = Runtime.getRuntime().maxMemory() / HEAP_PARTS / (HEAD_COPIES * maxHeaderSize);
    maximum = (int) Math.min(maximum, Math.max(1, heads));
  }

  /** Returns the most connections. */
  public int maximum() {
    return maximum;
  }

  void setHeadTimeoutMillis(long millis) {
    headNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  void setIdleTimeoutMillis(long millis) {
    idleNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Returns how many connections are open. */
  public int size() {
    return open.size();
  }

  void watch(Vertx vertx) {
    vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep());
  }

  void opened(HttpConnection connection) {
    if (open.size() >= maximum && !makesRoom()) {
      connection.close();
      return;
    }
    open.put(connection, taken(connection));
  }

  /**
   * Closes the connection that has waited longest to send its first request, so that many of them
   * keep nobody out; returns false if none has waited for a while.
   */
  private boolean makesRoom() {
    long now = System.nanoTime();
    HttpConnection oldest = null;
    long longest = SLOW_HEAD;
    for (Map.Entry<HttpConnection, State> each : open.entrySet()) {
      long waited = now - each.getValue().freeSince;
      if (!each.getValue().everUsed && waited > longest) {
        longest = waited;
        oldest = each.getKey();
      }
    }
    if (oldest == null) {
      return false;
    }
    open.remove(oldest);
    oldest.close();
    return true;
  }

  /**
   * Records a request on its connection.
   *
   * @param ended an action to run once, when the response is complete or the connection closed
   * @return whether the request may be answered: not if an earlier response ends the connection
   */
  boolean request(RoutingContext context, Runnable ended) {
    HttpConnection connection = context.request().connection();
    State state = open.computeIfAbsent(connection, this::taken);
    if (state.answered) {
      return false;
    }
    state.everUsed = true;
    state.running.add(ended);
    // The response's end handler would be lost: a stage sets one of its own.
    context.addBodyEndHandler(v -> state.end(ended));
    return true;
  }

  /** Leaves further requests of a connection unanswered: RFC 9112, 9.6. */
  void lastAnswer(HttpConnection connection) {
    open.computeIfAbsent(connection, this::taken).answered = true;
  }

  /** Returns whether an earlier response was the connection's last one. */
  boolean hadLastAnswer(HttpConnection connection) {
    State state = open.get(connection);
    return state != null && state.answered;
  }

  /** Returns the state of a new connection, or of one that was opened without this class. */
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
    private volatile boolean answered;
    private volatile long freeSince = System.nanoTime();

    void end(Runnable ended) {
      if (running.remove(ended)) {
        freeSince = System.nanoTime();
        ended.run();
      }
    }
  }
}
