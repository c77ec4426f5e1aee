package io.caravan.limits.upstream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The calls of one target that its upstream has accepted, and the limit that they have shown. */
final class CallHistory {
  /** The usual lengths of windows. Five hours is hosted NIM's for some plans. */
  private static final long[] WINDOWS = {
    TimeUnit.MINUTES.toNanos(1),
    TimeUnit.MINUTES.toNanos(5),
    TimeUnit.HOURS.toNanos(1),
    TimeUnit.HOURS.toNanos(5),
    TimeUnit.HOURS.toNanos(24)
  };

  /** The times for which a limit is kept: the first time, the second and later. */
  private static final long[] KEPT = {
    TimeUnit.MINUTES.toNanos(10), TimeUnit.HOURS.toNanos(2), TimeUnit.HOURS.toNanos(24)
  };

  private static final int MAX_CALLS = 5_000;

  /**
   * The longest pause that a refusal asks for, before one call tries it; a limit may hold longer.
   */
  private static final long LONGEST_PAUSE = TimeUnit.HOURS.toNanos(1);

  /** The fewest accepted calls that show a limit, if the refusal names nothing. */
  private static final int FEWEST = 5;

  /** The same if it names a time. */
  private static final int FEWEST_NAMED = 3;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Call> calls = new ArrayDeque<>();
  private final long margin;
  private Limit limit;
  private Long pausedUntil;
  private int timesLearned;

  /** A call: when it took its place, and when it was sent. */
  static final class Call {
    private final long entered;
    private long at;
    private boolean sent;

    private Call(long entered) {
      this.entered = entered;
      this.at = entered;
    }
  }

  /**
   * A limit.
   *
   * @param calls the most calls in a window
   * @param window its length in nanoseconds
   * @param at the time at which it was learned
   * @param until the time at which it is forgotten
   */
  private record Limit(int calls, long window, long at, long until) {}

  CallHistory(long margin) {
    this.margin = margin;
  }

  long remaining(long now) {
    lock.lock();
    try {
      return left(now);
    } finally {
      lock.unlock();
    }
  }

  Call enter(long now) {
    lock.lock();
    try {
      if (left(now) > 0) {
        return null;
      }
      if (calls.size() == MAX_CALLS) {
        calls.removeFirst();
      }
      Call call = new Call(now);
      calls.addLast(call);
      return call;
    } finally {
      lock.unlock();
    }
  }

  void sent(Call call, long now) {
    lock.lock();
    try {
      // Behind the others again: the upstream counts a call when it comes.
      if (calls.removeLastOccurrence(call)) {
        call.at = now;
        call.sent = true;
        calls.addLast(call);
      }
    } finally {
      lock.unlock();
    }
  }

  void remove(Call call) {
    lock.lock();
    try {
      calls.removeLastOccurrence(call);
    } finally {
      lock.unlock();
    }
  }

  void pause(long until) {
    lock.lock();
    try {
      if (pausedUntil == null || until - pausedUntil > 0) {
        pausedUntil = until;
      }
    } finally {
      lock.unlock();
    }
  }

  boolean refused(Call call, LearnedLimits.Refusal refusal, long now) {
    lock.lock();
    try {
      // A call that an upstream refuses isn't one of those that it accepts.
      calls.removeLastOccurrence(call);
      if (refusal.retryAfter() != null) {
        pause(now + Math.min(refusal.retryAfter().toNanos(), LONGEST_PAUSE));
      }
      forgetOld(now);
      Limit learned = learned(call, refusal, now);
      boolean changed = learned != null && (limit == null || !sameAs(limit, learned));
      limit = learned == null ? limit : learned;
      return changed;
    } finally {
      lock.unlock();
    }
  }

  private static boolean sameAs(Limit a, Limit b) {
    return a.calls == b.calls && a.window == b.window;
  }

  private Limit learned(Call call, LearnedLimits.Refusal refusal, long now) {
    // One that was on its way when the limit was learned is of the same burst.
    boolean obeyed = limit != null && call.entered - limit.at > 0;
    long window = window(refusal, obeyed);
    int accepted = accepted(window, now);
    boolean unnamed = refusal.calls() == null && refusal.window() == null;
    while (accepted == 0 && unnamed && longerThan(window, refusal) > window) {
      window = longerThan(window, refusal);
      accepted = accepted(window, now);
    }
    if (refusal.calls() != null && refusal.calls() > 0) {
      accepted = refusal.calls();
    } else if (accepted < (refusal.isMute() ? FEWEST : FEWEST_NAMED)) {
      // Others use the key, or the upstream is overloaded: a limit would be a guess.
      return null;
    }
    boolean burst = limit != null && !obeyed && window <= limit.window;
    if (burst) {
      return new Limit(Math.min(accepted, limit.calls), limit.window, limit.at, limit.until);
    }
    long kept = kept(refusal, window);
    timesLearned += obeyed ? 0 : 1;
    return new Limit(accepted, window, now, now + kept);
  }

  /** Returns how long a limit is kept: longer if the upstream itself has named the time. */
  private long kept(LearnedLimits.Refusal refusal, long window) {
    boolean named =
        refusal.window() != null
            || (refusal.retryAfter() != null && refusal.retryAfter().toNanos() > WINDOWS[0]);
    long least = KEPT[Math.min(timesLearned, KEPT.length - 1)];
    return Math.min(KEPT[KEPT.length - 1], Math.max(least, (named ? 5 : 2) * window));
  }

  private long window(LearnedLimits.Refusal refusal, boolean obeyed) {
    if (refusal.window() != null) {
      return refusal.window().toNanos();
    }
    long least = refusal.retryAfter() == null ? 0 : refusal.retryAfter().toNanos();
    if (obeyed) {
      least = Math.max(least, longerThan(limit.window, refusal));
    }
    for (long usual : WINDOWS) {
      if (usual >= least) {
        return usual;
      }
    }
    return WINDOWS[WINDOWS.length - 1];
  }

  /**
   * Returns the next usual window. A day is none that is guessed: too much would be lost by it. Nor
   * is an hour where the refusal says nothing, which may come of the upstream's load.
   */
  private static long longerThan(long window, LearnedLimits.Refusal refusal) {
    long longest = refusal.isMute() ? WINDOWS[1] : WINDOWS[3];
    for (long usual : WINDOWS) {
      if (usual > window && usual <= longest) {
        return usual;
      }
    }
    return window;
  }

  /** Returns how many calls were sent in the window that ends now. */
  private int accepted(long window, long now) {
    int count = 0;
    Iterator<Call> latest = calls.descendingIterator();
    while (latest.hasNext()) {
      Call call = latest.next();
      if (now - call.at >= window) {
        break;
      }
      count += call.sent ? 1 : 0;
    }
    return count;
  }

  private void forgetOld(long now) {
    long longest = limit == null ? WINDOWS[WINDOWS.length - 1] : Math.max(limit.window, WINDOWS[4]);
    while (!calls.isEmpty() && now - calls.peekFirst().at >= longest) {
      calls.removeFirst();
    }
    if (limit != null && limit.until - now <= 0) {
      limit = null;
    }
  }

  /** Returns the nanoseconds until a call may be made. */
  private long left(long now) {
    forgetOld(now);
    long pause = pausedUntil == null ? 0 : Math.max(0, pausedUntil - now);
    if (pause == 0) {
      pausedUntil = null;
    }
    return limit == null ? pause : Math.max(pause, untilFree(now));
  }

  private long untilFree(long now) {
    long window = limit.window + margin;
    int places = limit.calls;
    Iterator<Call> latest = calls.descendingIterator();
    while (latest.hasNext()) {
      Call call = latest.next();
      long left = call.at + window - now;
      if (left <= 0) {
        return 0;
      }
      places--;
      if (places == 0) {
        return left;
      }
    }
    return 0;
  }

  LearnedLimits.Status status(String target, long now) {
    lock.lock();
    try {
      long again = left(now);
      if (limit == null) {
        return again == 0
            ? null
            : new LearnedLimits.Status(
                target, 0, null, 0, Duration.ofNanos(again), Duration.ofNanos(again));
      }
      return new LearnedLimits.Status(
          target,
          limit.calls,
          Duration.ofNanos(limit.window),
          accepted(limit.window, now),
          Duration.ofNanos(again),
          Duration.ofNanos(limit.until - now));
    } finally {
      lock.unlock();
    }
  }
}
