package io.caravan.limits.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.limits.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The limits of models that nobody documents, learned from their refusals: how many calls in how
 * long. Free tiers limit by model (free-claude-code#30, #525), and tell it by a 429 without a word
 * more. After one, no more calls are made in any such time than were accepted in it; and none until
 * an upstream's headers or its {@code retry-after} say. A handful of accepted calls shows no limit:
 * such a refusal has other reasons.
 *
 * <p>The length of the time is the one that the refusal names, or else the usual one that its
 * {@code retry-after} fits into: a minute at the least. If a call is refused that kept the limit,
 * the time is longer than was thought, and the next usual one is taken. A limit is kept for ten
 * minutes; one that shows again for two hours, and the next time for a day.
 *
 * <p>A target is a model with one of its provider's keys. All methods may be called by any thread.
 */
public final class LearnedLimits {
  private static final int MAX_TARGETS = 1_000;

  /** The longest pause that an answer's headers ask for, before one call tries it. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private Time time = Time.system();
  private boolean enabled = true;
  private Duration margin = Duration.ofMillis(500);
  private Cache<String, CallHistory> histories = cache();

  /**
   * A limit as it is now.
   *
   * @param target the provider and model, and the key's number if it isn't the first
   * @param calls the most calls in the window; 0 if nothing but a pause is known
   * @param window null if there is no limit but a pause
   * @param used the calls in the present window
   * @param again the time until the next call may be made; zero for now
   * @param left the time until the limit is forgotten
   */
  public record Status(
      String target, int calls, Duration window, int used, Duration again, Duration left) {}

  /** Sets whether limits are learned (default), or only pauses are kept. */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** Sets the time that is added to a window, as calls differ in their time on the way. */
  public void setMarginMillis(long marginMillis) {
    this.margin = Duration.ofMillis(marginMillis);
  }

  void setTime(Time time) {
    this.time = time;
    histories = cache();
  }

  private Cache<String, CallHistory> cache() {
    return Caffeine.newBuilder()
        .maximumSize(MAX_TARGETS)
        .expireAfterAccess(Duration.ofHours(25))
        .ticker(time::nanoTime)
        .executor(Runnable::run)
        .build();
  }

  /** Returns the time until a call of the target may be made; zero for now. */
  public Duration remaining(String target) {
    CallHistory history = histories.getIfPresent(target);
    return history == null ? Duration.ZERO : Duration.ofNanos(history.remaining(time.nanoTime()));
  }

  /** Takes a place for a call; null if none is free now. */
  public Place enter(String target) {
    CallHistory history = histories.get(target, t -> new CallHistory(margin.toNanos()));
    CallHistory.Call call = history.enter(time.nanoTime());
    return call == null ? null : new Place(history, call);
  }

  /** Returns the limits and pauses that hold now. */
  public List<Status> all() {
    long now = time.nanoTime();
    List<Status> all = new ArrayList<>();
    histories
        .asMap()
        .forEach(
            (target, history) -> {
              Status status = history.status(target, now);
              if (status != null) {
                all.add(status);
              }
            });
    all.sort((a, b) -> a.target().compareTo(b.target()));
    return all;
  }

  /** Returns the most calls of the target in its window; 0 if no limit is known. */
  public int calls(String target) {
    CallHistory history = histories.getIfPresent(target);
    Status status = history == null ? null : history.status(target, time.nanoTime());
    return status == null ? 0 : status.calls();
  }

  /** Forgets all limits and pauses, and returns how many there were. */
  public int forget() {
    int known = all().size();
    histories.invalidateAll();
    return known;
  }

  /** The place of one call in the limits of its target. */
  public final class Place {
    private final CallHistory history;
    private final CallHistory.Call call;

    private Place(CallHistory history, CallHistory.Call call) {
      this.history = history;
      this.call = call;
    }

    /** Records that the call is sent now, perhaps long after it took its place. */
    public void sent() {
      history.sent(call, time.nanoTime());
    }

    /** Gives the place back: the call was not made. */
    public void giveBack() {
      history.remove(call);
    }

    /** Records that the upstream takes no more calls for a while, by the headers of an answer. */
    public void pause(Duration wait) {
      Duration bounded = wait.compareTo(LONGEST_PAUSE) < 0 ? wait : LONGEST_PAUSE;
      history.pause(time.nanoTime() + bounded.toNanos());
    }

    /**
     * Learns from the refusal of the call.
     *
     * @return whether a limit was learned or changed
     */
    public boolean refused(Refusal refusal) {
      if (!enabled) {
        history.remove(call);
        return false;
      }
      return history.refused(call, refusal, time.nanoTime());
    }
  }

  /**
   * A refusal for too many calls.
   *
   * @param retryAfter the time after which the upstream would take a call; null if it doesn't say
   * @param calls the most calls that it says it takes; null if it doesn't say
   * @param window the time in which it takes them; null if it doesn't say
   */
  public record Refusal(Duration retryAfter, Integer calls, Duration window) {
    /** Returns whether it says nothing but that it is one. */
    boolean isMute() {
      return retryAfter == null && calls == null && window == null;
    }
  }
}
