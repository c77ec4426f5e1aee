package io.caravan.limits.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.limits.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds clients to what their keys allow: requests and tokens in any minute, tokens and dollars a
 * day and a month (UTC).
 *
 * <p>Each replica counts its own minutes. The days are in a ledger that outlives the process: in a
 * file, or in Redis, where all replicas share it. The ledger is opened for the first client with a
 * daily budget.
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

  /** Sets the file of the daily usage without Redis; blank keeps the usage in memory only. */
  public void setUsageFile(String usageFile) {
    this.usageFile = usageFile == null ? "" : usageFile;
  }

  /** Sets the source of the ledger; by default the ledger is this process' own. */
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
        // Far longer than a minute and than a request: a dropped account is empty.
        .expireAfterAccess(Duration.ofHours(2))
        .ticker(time::nanoTime)
        .build();
  }

  /**
   * Reserves a request's estimated tokens. Charge the reservation when the request has ended.
   *
   * <p>The most that the request may use is held until it is charged, so that many requests at once
   * don't use many times what is left. Where a limit has no room for that, the client may have one
   * request at a time that fits by its input: it is the only one that ends beyond the limit.
   *
   * @param estimatedTokens the input, which is known before the call
   * @param mostOutput the most tokens that the response may have
   * @throws ClientRefused if the key does not allow as much; the request then costs nothing
   */
  public Reservation check(Client client, long estimatedTokens, long mostOutput) {
    return check(client, new Cost(estimatedTokens, 0), new Cost(mostOutput, 0));
  }

  /**
   * The same with prices.
   *
   * @param estimate the cost of the input
   * @param mostOutput the most that the response may cost
   * @throws ClientRefused if the key does not allow as much; the request then costs nothing
   */
  public Reservation check(Client client, Cost estimate, Cost mostOutput) {
    Account account = account(client);
    UsageLedger open = ledgerOf(client);
    Account.Request request = new Account.Request(estimate, mostOutput);
    Reservation reservation = account.reserve(client, request, open, time, clock);
    return open == null ? reservation : new Reservation(charge(client, open, reservation));
  }

  /** Returns the ledger for a client with a budget; null for others. */
  private UsageLedger ledgerOf(Client client) {
    return client.hasBudgets() ? ledger() : null;
  }

  /** Returns the use of each of the client's budgets. */
  public List<BudgetStatus> budgets(Client client) {
    return client.hasBudgets()
        ? account(client).budgets(client, ledger(), clock.instant())
        : List.of();
  }

  private Account account(Client client) {
    return accounts.get(client.id(), id -> new Account(time.nanoTime()));
  }

  /** Returns what the client has left. */
  public RateLimitStatus status(Client client) {
    UsageLedger open = ledgerOf(client);
    return account(client).status(client, open, time, clock.instant());
  }

  /**
   * Opens the ledger now, so that an unusable one fails the start.
   *
   * @throws java.io.UncheckedIOException if its file can't be read or written
   * @throws IllegalStateException if another process has it open
   */
  public void open() {
    ledger();
  }

  private Reservation.Settlement charge(Client client, UsageLedger open, Reservation inner) {
    return actual -> {
      Instant now = clock.instant();
      for (Budget budget : client.budgets()) {
        long amount = actual.of(budget.unit());
        if (amount > 0) {
          open.add(budget.account(client.id()), budget.start(now), amount);
        }
      }
      // After the ledger: in between the tokens count twice, but they never go uncounted.
      inner.charge(actual);
    };
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** Returns the tokens that a client with a daily budget has used today. */
  long usedToday(Client client) {
    if (client.dailyTokens() == 0) {
      return 0;
    }
    ledger().load(client.id(), today());
    return ledger().used(client.id(), today());
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
