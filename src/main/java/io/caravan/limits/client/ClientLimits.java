package io.caravan.limits.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.limits.Time;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds clients to what their keys allow: requests and tokens in any minute, tokens a day (UTC).
 *
 * <p>The minutes are each replica's own. The days are in a ledger that outlives the process: in a
 * file, or in Redis, where all replicas share them. It is opened when the first client with a daily
 * budget comes.
 */
public final class ClientLimits implements AutoCloseable {
  private static final int MAX_ACCOUNTS = 2 * KeyFile.MAX_KEYS;

  private final ReentrantLock opening = new ReentrantLock();
  private String usageFile = "";
  private LedgerSource ledgers = LedgerSource.LOCAL;
  private Time time = Time.system();
  private InstantSource clock = InstantSource.system();
  private Cache<String, Account> accounts = accounts();
  private volatile UsageLedger ledger;

  /** Where the daily usage is kept if there is no Redis; blank keeps it in memory only. */
  public void setUsageFile(String usageFile) {
    this.usageFile = usageFile == null ? "" : usageFile;
  }

  /** Sets who makes the ledger; by default it is this process' own. */
  public void setShared(LedgerSource shared) {
    this.ledgers = shared;
  }

  void setTime(Time time, InstantSource clock) {
    this.time = time;
    this.clock = clock;
    accounts = accounts();
  }

  private Cache<String, Account> accounts() {
    return Caffeine.newBuilder()
        .executor(Runnable::run)
        .maximumSize(MAX_ACCOUNTS)
        // Far longer than a minute and than a request: what is forgotten is empty.
        .expireAfterAccess(Duration.ofHours(2))
        .ticker(time::nanoTime)
        .build();
  }

  /**
   * Reserves what a request may cost. Charge the reservation when the request has ended.
   *
   * @param estimatedTokens what is known before: the input
   * @throws ClientRefused if it is more than the key allows; then it has cost nothing
   */
  public Reservation check(Client client, long estimatedTokens) {
    Account account = account(client);
    UsageLedger open = client.dailyTokens() > 0 ? ledger() : null;
    Reservation reservation =
        account.reserve(client, Math.max(0, estimatedTokens), open, time, clock.instant());
    return open == null ? reservation : new Reservation(charge(client, open, reservation));
  }

  private Account account(Client client) {
    return accounts.get(client.id(), id -> new Account(time.nanoTime()));
  }

  /** What the client has left. */
  public RateLimitStatus standing(Client client) {
    UsageLedger open = client.dailyTokens() > 0 ? ledger() : null;
    return account(client).standing(client, open, time, clock.instant());
  }

  /**
   * Opens the ledger now, so that one which can't be used is known at the start.
   *
   * @throws java.io.UncheckedIOException if its file can't be read or written
   * @throws IllegalStateException if another process has it open
   */
  public void open() {
    ledger();
  }

  private Reservation.Settlement charge(Client client, UsageLedger open, Reservation inner) {
    return actual -> {
      if (actual > 0) {
        open.add(client.id(), today(), actual);
      }
      // After the ledger knows it: in between it is counted twice, and never not at all.
      inner.charge(actual);
    };
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** Tokens that a client with a daily budget has used today. */
  public long usedToday(Client client) {
    return client.dailyTokens() > 0 ? ledger().used(client.id(), today()) : 0;
  }

  private UsageLedger ledger() {
    UsageLedger open = ledger;
    if (open != null) {
      return open;
    }
    opening.lock();
    try {
      if (ledger == null) {
        ledger = ledgers.ledger(usageFile);
      }
      return ledger;
    } finally {
      opening.unlock();
    }
  }

  @Override
  public void close() {
    if (ledger != null) {
      ledger.close();
    }
  }
}
