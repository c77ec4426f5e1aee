package io.caravan.limits.client;

import io.caravan.limits.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/** The usage of one client, counted against its limits. */
final class Account {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final ReentrantLock lock = new ReentrantLock();
  private final RollingSum requests;
  private final RollingSum tokens;

  /** The time after which a request under way may have made room for another one. */
  private static final Duration SOON = Duration.ofSeconds(2);

  /** The estimates of the requests under way, which the ledger does not know yet. */
  private Cost underWay = Cost.NONE;

  /** The most that the responses under way may still add to the estimates. */
  private Cost mostOutput = Cost.NONE;

  /** True while a request is under way for which there was no room in the worst case. */
  private boolean beyond;

  /**
   * The cost that a request may have.
   *
   * @param estimate the cost of its input
   * @param mostOutput the most that its response may cost
   */
  record Request(Cost estimate, Cost mostOutput) {}

  Account(long now) {
    requests = new RollingSum(MINUTE, now);
    tokens = new RollingSum(MINUTE, now);
  }

  /** Reserves the most that the request may cost, or refuses the request at no cost. */
  Reservation reserve(
      Client client, Request request, UsageLedger ledger, Time time, InstantSource clock) {
    for (Budget budget : client.budgets()) {
      ledger.load(budget.account(client.id()), budget.start(clock.instant()));
    }
    UnderWay entered = new UnderWay(client, request, ledger, time, clock);
    lock.lock();
    try {
      entered.enter();
      if (entered.fits.isDone()) {
        return entered.admit();
      }
    } finally {
      lock.unlock();
    }
    // Without the lock: Redis may take its time, and other requests of this key end meanwhile.
    entered.fits.join();
    lock.lock();
    try {
      return entered.admit();
    } finally {
      lock.unlock();
    }
  }

  /** A request that is counted. Its methods are called under the lock. */
  private final class UnderWay {
    private final Client client;
    private final Request request;
    private final UsageLedger ledger;
    private final Time time;
    private final InstantSource clock;
    private long requestStep;
    private long tokenStep;

    /** Completes with true if the limits have room for all that the requests may cost at most. */
    private CompletableFuture<Boolean> fits;

    UnderWay(Client client, Request request, UsageLedger ledger, Time time, InstantSource clock) {
      this.client = client;
      this.request = request;
      this.ledger = ledger;
      this.time = time;
      this.clock = clock;
    }

    /** Counts the request, so that those that come while a ledger is asked know of it. */
    void enter() {
      long nano = time.nanoTime();
      Instant now = clock.instant();
      checkSize(client, request.estimate());
      checkMinute(client, request.estimate().tokens(), nano);
      for (Budget budget : client.budgets()) {
        check(client, budget, request.estimate(), ledger, now);
      }
      requestStep = requests.add(1, nano);
      tokenStep = tokens.add(request.estimate().tokens(), nano);
      underWay = underWay.plus(request.estimate());
      mostOutput = mostOutput.plus(request.mostOutput());
      fits = askWhetherItFits(nano, now);
    }

    private CompletableFuture<Boolean> askWhetherItFits(long nano, Instant now) {
      long minute = client.tokensPerMinute();
      if (minute > 0 && tokens.sum(nano) + mostOutput.tokens() > minute) {
        return CompletableFuture.completedFuture(false);
      }
      Cost held = underWay.plus(mostOutput);
      CompletableFuture<Boolean> all = CompletableFuture.completedFuture(true);
      for (Budget budget : client.budgets()) {
        CompletionStage<Boolean> room =
            ledger.fits(
                budget.account(client.id()),
                budget.start(now),
                held.of(budget.unit()),
                budget.limit());
        all = all.thenCombine(room, Boolean::logicalAnd);
      }
      return all;
    }

    /** Returns the reservation; without room, only if no other request is beyond the limit. */
    Reservation admit() {
      boolean roomy = fits.join();
      if (!roomy && beyond) {
        requests.correct(requestStep, -1, time.nanoTime());
        settle(Cost.NONE);
        throw new ClientRefused(ClientRefused.Reason.UNDER_WAY, smallest(client), SOON);
      }
      if (!roomy) {
        beyond = true;
        hold();
      }
      return new Reservation(
          actual -> {
            lock.lock();
            try {
              beyond &= roomy;
              settle(actual);
            } finally {
              lock.unlock();
            }
          });
    }

    private void settle(Cost actual) {
      long now = time.nanoTime();
      long more = actual.tokens() - request.estimate().tokens();
      underWay = underWay.minus(request.estimate());
      mostOutput = mostOutput.minus(request.mostOutput());
      if (more < 0) {
        tokens.correct(tokenStep, more, now);
      } else {
        // The rest beyond the estimate is the output: it is used now, not when the request came.
        tokens.add(more, now);
      }
      hold();
    }

    private void hold() {
      if (ledger != null) {
        Cost held = underWay.plus(mostOutput);
        Instant now = clock.instant();
        for (Budget budget : client.budgets()) {
          ledger.hold(budget.account(client.id()), budget.start(now), held.of(budget.unit()));
        }
      }
    }
  }

  /** Returns the tightest of the limits in words. */
  private static String smallest(Client client) {
    long minute = client.tokensPerMinute();
    long day = client.dailyTokens();
    if (minute == 0 && day == 0) {
      return client.further().get(0).words();
    }
    return (minute == 0 ? day : day == 0 ? minute : Math.min(minute, day)) + " tokens";
  }

  private static void checkSize(Client client, Cost estimate) {
    long minute = client.tokensPerMinute();
    if (minute > 0 && estimate.tokens() > minute) {
      throw new ClientRefused(ClientRefused.Reason.TOO_LARGE, minute + " tokens", null);
    }
    for (Budget budget : client.budgets()) {
      if (estimate.of(budget.unit()) > budget.limit()) {
        String words =
            budget.reason() == ClientRefused.Reason.DAILY_TOKENS
                ? budget.limit() + " tokens"
                : budget.words();
        throw new ClientRefused(ClientRefused.Reason.TOO_LARGE, words, null);
      }
    }
  }

  private void checkMinute(Client client, long estimate, long now) {
    int rpm = client.requestsPerMinute();
    long wait = rpm == 0 ? 0 : requests.waitFor(1, rpm, now);
    if (wait > 0) {
      throw new ClientRefused(
          ClientRefused.Reason.REQUESTS, rpm + " requests a minute", Duration.ofNanos(wait));
    }
    long tpm = client.tokensPerMinute();
    wait = tpm == 0 ? 0 : tokens.waitFor(estimate, tpm, now);
    if (wait > 0) {
      throw new ClientRefused(
          ClientRefused.Reason.TOKENS, tpm + " tokens a minute", Duration.ofNanos(wait));
    }
  }

  private void check(Client client, Budget budget, Cost estimate, UsageLedger ledger, Instant now) {
    long used =
        ledger.used(budget.account(client.id()), budget.start(now)) + estimate.of(budget.unit());
    if (used > budget.limit()) {
      throw new ClientRefused(
          budget.reason(), budget.words(), Duration.between(now, budget.end(now)));
    }
    if (used + underWay.of(budget.unit()) > budget.limit()) {
      throw new ClientRefused(ClientRefused.Reason.UNDER_WAY, budget.words(), SOON);
    }
  }

  /** Returns the use of each budget. */
  List<BudgetStatus> budgets(Client client, UsageLedger ledger, Instant now) {
    lock.lock();
    try {
      List<BudgetStatus> all = new ArrayList<>();
      for (Budget budget : client.budgets()) {
        long used =
            ledger.used(budget.account(client.id()), budget.start(now))
                + underWay.of(budget.unit());
        all.add(new BudgetStatus(budget, used, budget.end(now)));
      }
      return all;
    } finally {
      lock.unlock();
    }
  }

  RateLimitStatus status(Client client, UsageLedger ledger, Time time, Instant now) {
    lock.lock();
    try {
      long nano = time.nanoTime();
      RateLimitStatus.Limit minute = status(tokens, client.tokensPerMinute(), nano);
      RateLimitStatus.Limit day = statusOfDay(client, ledger, now);
      boolean less = minute == null || (day != null && day.remaining() < minute.remaining());
      return new RateLimitStatus(
          status(requests, client.requestsPerMinute(), nano), less ? day : minute);
    } finally {
      lock.unlock();
    }
  }

  private static RateLimitStatus.Limit status(RollingSum used, long limit, long now) {
    return limit == 0
        ? null
        : new RateLimitStatus.Limit(
            limit,
            Math.max(0, limit - used.sum(now)),
            Duration.ofNanos(used.waitFor(limit, limit, now)));
  }

  private RateLimitStatus.Limit statusOfDay(Client client, UsageLedger ledger, Instant now) {
    long daily = client.dailyTokens();
    if (daily == 0) {
      return null;
    }
    Budget day = new Budget(Budget.Period.DAY, Budget.Unit.TOKENS, daily);
    long used = ledger.used(client.id(), day.start(now)) + underWay.tokens();
    return new RateLimitStatus.Limit(
        daily, Math.max(0, daily - used), Duration.between(now, day.end(now)));
  }
}
