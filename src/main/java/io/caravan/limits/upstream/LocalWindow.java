package io.caravan.limits.upstream;

import io.caravan.limits.Time;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/** The {@link SharedWindow} of one process. It is exact: it keeps the time of every permit. */
public final class LocalWindow implements SharedWindow {
  private final ReentrantLock lock = new ReentrantLock();
  private final Timeline timeline = new Timeline();
  private final int limit;
  private final long window;
  private final Time time;
  private long count;

  /**
   * Makes a window.
   *
   * @param limit permits in a window; 0 is no limit
   * @param window its length in nanoseconds
   */
  LocalWindow(int limit, long window, Time time) {
    this.limit = limit;
    this.window = window;
    this.time = time;
  }

  @Override
  public CompletionStage<Answer> take() {
    if (limit == 0) {
      return CompletableFuture.completedFuture(Answer.given(() -> {}));
    }
    lock.lock();
    try {
      long now = expire();
      long wait = timeline.waitFor(1, limit, window, now);
      if (wait > 0) {
        return CompletableFuture.completedFuture(Answer.later(wait));
      }
      String id = Long.toString(count++);
      timeline.add(id, now);
      return CompletableFuture.completedFuture(Answer.given(() -> giveBack(id)));
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(String id) {
    lock.lock();
    try {
      timeline.remove(id);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long forecastNanos(int places) {
    if (limit == 0) {
      return 0;
    }
    lock.lock();
    try {
      return timeline.waitFor(places, limit, window, expire());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int used() {
    lock.lock();
    try {
      expire();
      return timeline.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int limit() {
    return limit;
  }

  private long expire() {
    long now = time.nanoTime();
    timeline.expire(now - window);
    return now;
  }
}
