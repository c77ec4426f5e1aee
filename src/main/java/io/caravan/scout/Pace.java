package io.caravan.scout;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * Keeps the calls of any minute to half of what the account has: the other half is left to live
 * traffic. It also counts the calls of a run that was ended before, if it is told of them.
 */
final class Pace {
  private static final long MINUTE = 60_000;

  /** The most calls that one check may make: each change to a refused request costs another. */
  private static final int RESERVE = 3;

  private final int most;
  private final Timer timer;
  private final Deque<Long> calls = new ArrayDeque<>();

  /** The time of day, and the way to wait. */
  interface Timer {
    /** Returns milliseconds since 1970. */
    long millis();

    void sleep(long millis) throws InterruptedException;
  }

  /**
   * @param perMinute the calls a minute that the account has
   */
  Pace(int perMinute, Timer timer) {
    this.most = half(perMinute);
    this.timer = timer;
  }

  /** Returns the most calls in a minute for an account's number of them. */
  static int half(int perMinute) {
    return Math.max(1, perMinute / 2);
  }

  /** Waits until a check may begin, which may cost some calls. */
  void await() throws InterruptedException {
    forget();
    while (!calls.isEmpty() && calls.size() + RESERVE > Math.max(most, RESERVE)) {
      timer.sleep(Math.max(1, calls.getFirst() + MINUTE - timer.millis()));
      forget();
    }
  }

  /** Counts the calls that a check has made. */
  void made(int number) {
    long now = timer.millis();
    for (int i = 0; i < number; i++) {
      calls.addLast(now);
    }
  }

  /** Counts the calls of a run before, by their times in milliseconds since 1970. */
  void made(Collection<Long> times) {
    times.stream().sorted().forEach(calls::addLast);
  }

  /** Returns the times of the calls of the last minute. */
  List<Long> recent() {
    forget();
    return List.copyOf(calls);
  }

  private void forget() {
    long now = timer.millis();
    // A clock that was set back must not hold the run up for longer than a minute.
    calls.removeIf(call -> call + MINUTE <= now || call > now + MINUTE);
  }
}
