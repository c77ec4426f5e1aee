package io.caravan.limits.client;

import io.caravan.limits.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
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
  private long underWay;

  /** The most that the responses under way may still add to the estimates. */
  private long mostOutput;

  /** True while a request is under way for which there was no room in the worst case. */
  private boolean beyond;

  /**
   * What a request may cost.
   *
   * @param estimate the tokens of its input
   * @param mostOutput the most tokens of its response
   */
  record Request(long estimate, long mostOutput) {}

  Account(long now) {
    requests = new RollingSum(MINUTE, now);
    tokens = new RollingSum(MINUTE, now);
  }

  /** Reserves the most that the request may cost, or refuses the request at no cost. */
  Reservation reserve(
      Client client, Request request, UsageLedger ledger, Time time, InstantSource clock) {
    if (client.dailyTokens() > 0) {
      ledger.load(client.id(), day(clock.instant()));
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

    /** Whether the limits have room for all that the requests may cost at most. */
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
      checkMinute(client, request.estimate(), nano);
      checkDay(client, request.estimate(), ledger, now);
      requestStep = requests.add(1, nano);
      tokenStep = tokens.add(request.estimate(), nano);
      underWay += request.estimate();
      mostOutput += request.mostOutput();
      fits = askWhetherItFits(nano, day(now));
    }

    private CompletableFuture<Boolean> askWhetherItFits(long nano, LocalDate today) {
      long minute = client.tokensPerMinute();
      if (minute > 0 && tokens.sum(nano) + mostOutput > minute) {
        return CompletableFuture.completedFuture(false);
      }
      return client.dailyTokens() == 0
          ? CompletableFuture.completedFuture(true)
          : ledger
              .fits(client.id(), today, underWay + mostOutput, client.dailyTokens())
              .toCompletableFuture();
    }

    /** Returns the reservation; without room, only if no other request is beyond the limit. */
    Reservation admit() {
      boolean roomy = fits.join();
      if (!roomy && beyond) {
        requests.correct(requestStep, -1, time.nanoTime());
        settle(0);
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

    private void settle(long actual) {
      long now = time.nanoTime();
      long more = actual - request.estimate();
      underWay -= request.estimate();
      mostOutput -= request.mostOutput();
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
        ledger.hold(client.id(), day(clock.instant()), underWay + mostOutput);
      }
    }
  }

  private static long smallest(Client client) {
    long minute = client.tokensPerMinute();
    long day = client.dailyTokens();
    return minute == 0 ? day : day == 0 ? minute : Math.min(minute, day);
  }

  private static LocalDate day(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  private static void checkSize(Client client, long estimate) {
    for (long limit : new long[] {client.tokensPerMinute(), client.dailyTokens()}) {
      if (limit > 0 && estimate > limit) {
        throw new ClientRefused(ClientRefused.Reason.TOO_LARGE, limit, null);
      }
    }
  }

  private void checkMinute(Client client, long estimate, long now) {
    int rpm = client.requestsPerMinute();
    long wait = rpm == 0 ? 0 : requests.waitFor(1, rpm, now);
    if (wait > 0) {
      throw new ClientRefused(ClientRefused.Reason.REQUESTS, rpm, Duration.ofNanos(wait));
    }
    long tpm = client.tokensPerMinute();
    wait = tpm == 0 ? 0 : tokens.waitFor(estimate, tpm, now);
    if (wait > 0) {
      throw new ClientRefused(ClientRefused.Reason.TOKENS, tpm, Duration.ofNanos(wait));
    }
  }

  private void checkDay(Client client, long estimate, UsageLedger ledger, Instant now) {
    long daily = client.dailyTokens();
    LocalDate today = day(now);
    if (daily == 0) {
      return;
    }
    long used = ledger.used(client.id(), today) + estimate;
    if (used > daily) {
      throw new ClientRefused(ClientRefused.Reason.DAILY_TOKENS, daily, untilMidnight(today, now));
    }
    if (used + underWay > daily) {
      throw new ClientRefused(ClientRefused.Reason.UNDER_WAY, daily, SOON);
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
    LocalDate today = day(now);
    long used = ledger.used(client.id(), today) + underWay;
    return new RateLimitStatus.Limit(daily, Math.max(0, daily - used), untilMidnight(today, now));
  }

  private static Duration untilMidnight(LocalDate today, Instant now) {
    return Duration.between(now, today.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC));
  }
}
