package io.caravan.limits.client;

import io.caravan.limits.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.locks.ReentrantLock;

/** The usage of one client, counted against its limits. */
final class Account {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final ReentrantLock lock = new ReentrantLock();
  private final RollingSum requests;
  private final RollingSum tokens;

  /** The estimates of the requests under way, which the ledger does not know yet. */
  private long underWay;

  Account(long now) {
    requests = new RollingSum(MINUTE, now);
    tokens = new RollingSum(MINUTE, now);
  }

  /** Reserves the request's estimate, or refuses the request, which then costs nothing. */
  Reservation reserve(Client client, long estimate, UsageLedger ledger, Time time, Instant now) {
    lock.lock();
    try {
      long nano = time.nanoTime();
      checkSize(client, estimate);
      checkMinute(client, estimate, nano);
      checkDay(client, estimate, ledger, now);
      requests.add(1, nano);
      long step = tokens.add(estimate, nano);
      underWay += estimate;
      return new Reservation(actual -> settle(estimate, actual, step, time.nanoTime()));
    } finally {
      lock.unlock();
    }
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
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    if (daily > 0 && ledger.used(client.id(), today) + underWay + estimate > daily) {
      throw new ClientRefused(ClientRefused.Reason.DAILY_TOKENS, daily, untilMidnight(today, now));
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
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    long used = ledger.used(client.id(), today) + underWay;
    return new RateLimitStatus.Limit(daily, Math.max(0, daily - used), untilMidnight(today, now));
  }

  private static Duration untilMidnight(LocalDate today, Instant now) {
    return Duration.between(now, today.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC));
  }

  private void settle(long estimate, long actual, long step, long now) {
    lock.lock();
    try {
      underWay -= estimate;
      if (actual < estimate) {
        tokens.correct(step, actual - estimate, now);
      } else {
        // The rest beyond the estimate is the output: it is used now, not when the request came.
        tokens.add(actual - estimate, now);
      }
    } finally {
      lock.unlock();
    }
  }
}
