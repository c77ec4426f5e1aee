package io.caravan.scout;

import io.caravan.scout.Fault.Kind;
import io.caravan.scout.Result.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Tries one model: the cheapest check first, and none after one that failed for good. */
final class Trial {
  /** The most times that a check waits for the account's limit. */
  private static final int MOST_WAITS = 3;

  /** The most checks of a model, each repeated once. */
  static final int MOST_CHECKS = 2 * Check.values().length;

  private static final long MINUTE = 60_000;

  /** The longest pause of an upstream that is waited for. */
  private static final long LONGEST_WAIT = 2 * MINUTE;

  private final String model;
  private final Probe probe;
  private final Pace pace;
  private final Pace.Timer timer;
  private final Scouting.Watcher watcher;
  private final List<Integer> firstTokens = new ArrayList<>();
  private final Set<String> cures = new LinkedHashSet<>();
  private final List<String> stumbles = new ArrayList<>();
  private int calls;
  private int speed;
  private Boolean tools;
  private Boolean thinking;
  private Fault last;

  /**
   * @param watcher is told of each check that was made
   */
  Trial(String model, Probe probe, Pace pace, Pace.Timer timer, Scouting.Watcher watcher) {
    this.model = model;
    this.probe = probe;
    this.pace = pace;
    this.timer = timer;
    this.watcher = watcher;
  }

  /**
   * Tries the model.
   *
   * @throws AccountRefused if the upstream refuses the account
   */
  Result run() throws InterruptedException, AccountRefused, IOException {
    String fault = passes(Check.TEXT);
    if (fault == null) {
      fault = passes(Check.TOOL);
      tools = fault == null ? Boolean.TRUE : tools;
      if (fault != null && last == null) {
        fault = onlyLater(fault);
      }
    }
    for (Check check : List.of(Check.RESULT, Check.SESSION)) {
      fault = fault == null ? passes(check) : fault;
    }
    if (fault == null) {
      think();
    }
    return result(fault);
  }

  /** Returns whether the last call was forbidden; that may be about the account. */
  boolean wasForbidden() {
    return last != null && last.kind() == Kind.FORBIDDEN;
  }

  /** Finds out whether a model that called no tool in the first turn does so in the second. */
  private String onlyLater(String fault) throws InterruptedException, AccountRefused, IOException {
    Observation seen = call(Check.SESSION);
    boolean later = seen.fault() == null && Check.SESSION.missing(seen) == null;
    tools = (later || seen.fault() != null) ? null : Boolean.FALSE;
    return later ? "calls tools in the second turn only" : fault;
  }

  private void think() throws InterruptedException, AccountRefused, IOException {
    Observation seen = call(Check.THINKING);
    if (seen.fault() != null || Check.THINKING.missing(seen) != null) {
      String first = fault(Check.THINKING, seen);
      seen = call(Check.THINKING);
      if (fault(Check.THINKING, seen) != null) {
        cures.add("thinking fails: " + first);
        thinking = false;
        return;
      }
      stumbles.add(first);
    }
    thinking = seen.thought();
  }

  /**
   * Makes a check, and once more if it fails in a way that may pass.
   *
   * @return the reason why it fails; null if it succeeds
   */
  private String passes(Check check) throws InterruptedException, AccountRefused, IOException {
    Observation seen = call(check);
    String first = fault(check, seen);
    boolean mayPass = last == null || last.kind() == Kind.TEMPORARY;
    boolean silentLater = last != null && last.kind() == Kind.SILENT && check != Check.TEXT;
    if (first == null || !(mayPass || silentLater)) {
      return first;
    }
    String second = fault(check, call(check));
    if (second == null) {
      stumbles.add(first);
    }
    return second;
  }

  private String fault(Check check, Observation seen) {
    last = seen.fault();
    return last == null ? check.missing(seen) : last.words();
  }

  private Observation call(Check check) throws InterruptedException, AccountRefused, IOException {
    for (int waits = 0; ; waits++) {
      pace.await();
      Observation seen = probe.call(model, check);
      pace.made(seen.calls());
      calls += seen.calls();
      watcher.called(model);
      Fault fault = seen.fault();
      if (fault != null && fault.kind() == Kind.ACCOUNT) {
        throw new AccountRefused(fault.words());
      }
      long wait = fault == null || fault.pause().isZero() ? MINUTE : fault.pause().toMillis();
      boolean limited = fault != null && fault.kind() == Kind.LIMITED;
      if (!limited || waits == MOST_WAITS || wait > LONGEST_WAIT) {
        return noted(seen);
      }
      timer.sleep(wait);
    }
  }

  private Observation noted(Observation seen) {
    cures.addAll(seen.cures());
    if (seen.firstTokenMillis() > 0) {
      firstTokens.add(seen.firstTokenMillis());
    }
    speed = Math.max(speed, seen.tokensPerSecond());
    return seen;
  }

  private Result result(String fault) {
    Verdict verdict = Verdict.FAILS;
    String reason = fault;
    if (fault == null) {
      verdict = stumbles.isEmpty() ? Verdict.WORKS : Verdict.UNSTEADY;
      reason =
          stumbles.isEmpty()
              ? ""
              : "failed " + stumbles.size() + " of " + calls + " calls: " + stumbles.get(0);
    } else if (last != null && last.kind() == Kind.LIMITED) {
      verdict = Verdict.LIMITED;
    }
    firstTokens.sort(null);
    int median = firstTokens.isEmpty() ? 0 : firstTokens.get(firstTokens.size() / 2);
    return new Result(
        model, verdict, reason, calls, median, speed, tools, thinking, 0, List.copyOf(cures));
  }
}
