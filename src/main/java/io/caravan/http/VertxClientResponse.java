package io.caravan.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the Vert.x response behind a platform-http exchange. Camel's own writer would first
 * fill a 16 KiB buffer (apache/camel#24139), so events bypass it; it finds an ended response and
 * does nothing.
 */
public final class VertxClientResponse implements ClientResponse {
  private static final Logger LOG = LoggerFactory.getLogger(VertxClientResponse.class);
  private static final int INITIAL_ACTIONS = 4;

  /** The size from which a write is watched until the system has taken it. */
  private static final int LARGE = 16 * 1024;

  /**
   * The bytes of watched writes that may be on their way before a writer waits. A client that reads
   * as fast as its upstream sends has seldom more than two parts there, and a wait costs a change
   * of threads.
   */
  private static final int MAX_ON_THEIR_WAY = 128 * 1024;

  private final HttpServerResponse response;
  private final long stallNanos;
  private final WaitingWrites waiting = WaitingWrites.current();
  private final CountedRequest counted = CountedRequest.current();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Runnable> closeActions = new ArrayList<>(INITIAL_ACTIONS);
  private boolean started;
  private boolean ended;
  private boolean claimed;
  private final AtomicInteger onTheirWay = new AtomicInteger();
  private volatile long lastWriteAt = System.nanoTime();
  private volatile boolean closed;
  private volatile boolean abandoned;

  /**
   * Takes over the response.
   *
   * @param stallLimit the time after which a client that reads nothing is disconnected
   */
  public VertxClientResponse(HttpServerResponse response, Duration stallLimit) {
    this.response = response;
    this.stallNanos = stallLimit.toNanos();
    response.exceptionHandler(e -> close());
    response.closeHandler(v -> close());
    response.endHandler(v -> close());
    response.drainHandler(v -> signal());
    if (response.closed()) {
      close();
    }
  }

  @Override
  public void requestSent() {
    if (counted != null) {
      counted.sent();
    }
  }

  @Override
  public void head(int status, Map<String, String> headers) {
    lock.lock();
    try {
      response.setStatusCode(status);
      headers.forEach(response::putHeader);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean started() {
    lock.lock();
    try {
      return started;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    lock.lock();
    try {
      checkOpen();
      Future<Void> written = send(bytes, offset, length);
      if (length >= LARGE) {
        // Vert.x learns of a write from another thread only later, and calls its queue empty until
        // then.
        watch(written, length);
        if (isFull()) {
          awaitDrain(length, this::isFull);
        }
      } else if (response.writeQueueFull()) {
        awaitDrain(length, response::writeQueueFull);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Counts a write until the system has taken it. */
  private void watch(Future<Void> written, int length) {
    onTheirWay.addAndGet(length);
    written.onComplete(
        done -> {
          int left = onTheirWay.addAndGet(-length);
          if (left + length > MAX_ON_THEIR_WAY) {
            signal();
          }
        });
  }

  private boolean isFull() {
    return response.writeQueueFull() || onTheirWay.get() > MAX_ON_THEIR_WAY;
  }

  private Future<Void> send(byte[] bytes, int offset, int length) {
    begin();
    return response.write(buffer(bytes, offset, length));
  }

  private void begin() {
    if (!started) {
      started = true;
      response.setChunked(true);
    }
    lastWriteAt = System.nanoTime();
  }

  /** Wraps the bytes without a copy: they belong to the response. Vert.x 5 moves this elsewhere. */
  @SuppressWarnings("deprecation")
  private static Buffer buffer(byte[] bytes, int offset, int length) {
    return Buffer.buffer(Unpooled.wrappedBuffer(bytes, offset, length));
  }

  @Override
  public boolean offer(Supplier<Map<String, String>> headers, byte[] bytes) {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      if (closed || ended || claimed || response.writeQueueFull()) {
        return false;
      }
      if (!started) {
        head(200, headers.get());
      }
      var unused = send(bytes, 0, bytes.length);
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean claim() {
    lock.lock();
    try {
      claimed = !started;
      return claimed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int status() {
    return response.getStatusCode();
  }

  @Override
  public long lastWriteAt() {
    return lastWriteAt;
  }

  private void awaitDrain(int length, BooleanSupplier full) {
    try {
      if (!waiting.add(length)) {
        cutOff("too many clients read nothing");
      }
      awaitDrain(full);
    } finally {
      waiting.remove(length);
    }
  }

  private void cutOff(String why) {
    response.reset();
    close();
    throw new ClientGoneException(why);
  }

  private void awaitDrain(BooleanSupplier full) {
    long left = stallNanos;
    while (full.getAsBoolean()) {
      checkOpen();
      if (left <= 0) {
        cutOff("the client has read nothing for too long");
      }
      try {
        // The drain event may have come between the check and the wait: check again after a while.
        long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(100));
        left -= slice - Math.max(0, changed.awaitNanos(slice));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClientGoneException("interrupted while the client's socket was full");
      }
    }
  }

  private void checkOpen() {
    if (closed || ended) {
      throw new ClientGoneException("the client has closed its connection");
    }
  }

  @Override
  public void leave() {
    lock.lock();
    try {
      if (started && !ended) {
        ended = true;
        var unused = response.end();
      }
    } catch (IllegalStateException e) {
      LOG.debug("The response of a client that has left was complete", e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void end() {
    lock.lock();
    try {
      if (!closed && !ended) {
        ended = true;
        var unused = response.end();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void end(byte[] bytes, int offset, int length) {
    lock.lock();
    try {
      checkOpen();
      begin();
      ended = true;
      Future<Void> written = response.end(buffer(bytes, offset, length));
      if (!written.isComplete() && length >= LARGE) {
        watchLast(written, length);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Cuts a client off that does not read a large last part: nobody waits for it. */
  private void watchLast(Future<Void> written, int length) {
    boolean within = waiting.add(length);
    Vertx vertx = Vertx.currentContext() == null ? null : Vertx.currentContext().owner();
    long timer =
        vertx == null || !within
            ? -1
            : vertx.setTimer(
                Math.max(1, TimeUnit.NANOSECONDS.toMillis(stallNanos)), t -> response.reset());
    written.onComplete(
        done -> {
          waiting.remove(length);
          if (timer >= 0) {
            vertx.cancelTimer(timer);
          }
        });
    if (!within) {
      response.reset();
    }
  }

  @Override
  public boolean closed() {
    return closed;
  }

  @Override
  public boolean abandoned() {
    return abandoned;
  }

  @Override
  public void onClose(Runnable action) {
    boolean now;
    lock.lock();
    try {
      now = closed;
      if (!now) {
        closeActions.add(action);
      }
    } finally {
      lock.unlock();
    }
    if (now) {
      run(action);
    }
  }

  private void close() {
    List<Runnable> actions;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      abandoned = !ended && !response.ended();
      closed = true;
      actions = List.copyOf(closeActions);
      closeActions.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    actions.forEach(VertxClientResponse::run);
  }

  /** Runs an action. Its failure must not keep the next action from aborting its call. */
  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      LOG.warn("An action at the end of a request has failed", e);
    }
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
