package io.caravan.limits.redis;

import io.caravan.limits.Time;
import io.caravan.limits.client.UsageLedger;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usage ledger in Redis: for each client and day a hash with a count for each replica, which
 * only that replica raises. {@code usage.lua} merges by the greater count. An increment without an
 * answer could be repeated or not, and would be wrong half the time; a count can be sent again.
 *
 * <p>Every replica keeps the counts that it has seen, its own and the others'. While Redis is
 * unavailable, it goes on with those. When Redis is back, it sends all of them, so that even a
 * server that has lost its data has them again. The charges of a process that dies while Redis is
 * unavailable are lost.
 */
final class RedisLedger implements UsageLedger, RedisLink.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLedger.class);
  private static final RedisScript SCRIPT = RedisScript.load("usage.lua");
  private static final RedisScript HOLD = RedisScript.load("hold.lua");

  /** The time for which a hold counts that its replica does not renew, as when it has died. */
  private static final String HOLD_SECONDS = Long.toString(Duration.ofMinutes(10).toSeconds());

  private static final String HOLD_ALWAYS = "-1";
  private static final String KEEP_SECONDS = Long.toString(Duration.ofDays(3).toSeconds());
  private static final String KEEP_MONTH_SECONDS = Long.toString(Duration.ofDays(62).toSeconds());
  private static final long FRESH = Duration.ofSeconds(1).toNanos();

  private final String me = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  private final RedisLink link;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Counts> known = new HashMap<>();
  private LocalDate latest = LocalDate.MIN;

  /** The counts of one client and day. */
  private static final class Counts {
    final LocalDate day;
    final Map<String, Long> byReplica = new HashMap<>();
    boolean read;
    long askedAt;

    /** The last question to Redis, or null before the first. */
    CompletionStage<Void> asked;

    Counts(LocalDate day) {
      this.day = day;
    }

    long sum() {
      return byReplica.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  RedisLedger(RedisLink link) {
    this(link, Time.system());
  }

  RedisLedger(RedisLink link, Time time) {
    this.link = link;
    this.time = time;
  }

  /** Connects, and waits for the result: the first query must not be answered from empty memory. */
  RedisLedger start() {
    link.listen("caravan:usage", this);
    link.awaitFirstTry();
    return this;
  }

  private static String key(String client, LocalDate day) {
    return "caravan:usage:{" + day + ":" + client + "}";
  }

  /** Waits for the first reading only; later, others' charges are known within a second. */
  @Override
  public void load(String client, LocalDate day) {
    CompletionStage<Void> first;
    lock.lock();
    try {
      Counts counts = fresh(key(client, day), day);
      first = counts.read ? null : counts.asked;
    } finally {
      lock.unlock();
    }
    if (first != null) {
      await(first);
    }
  }

  @Override
  public long used(String client, LocalDate day) {
    lock.lock();
    try {
      return fresh(key(client, day), day).sum();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the counts, and asks Redis for newer ones once a second at most. */
  private Counts fresh(String key, LocalDate day) {
    Counts counts = counts(key, day);
    long now = time.nanoTime();
    if (counts.asked == null || now - counts.askedAt > FRESH) {
      counts.askedAt = now;
      counts.asked = send(key, counts, false);
    }
    return counts;
  }

  private void await(CompletionStage<Void> asked) {
    try {
      asked.toCompletableFuture().get(link.timeout().toMillis() + 100, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("Redis did not report the usage", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void add(String client, LocalDate day, long tokens) {
    String key = key(client, day);
    lock.lock();
    try {
      Counts counts = counts(key, day);
      counts.byReplica.merge(me, tokens, Long::sum);
      CompletionStage<Void> unused = send(key, counts, false);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks Redis, since only it knows what the other replicas hold. While it is unavailable, this
   * process knows of its own requests only.
   */
  @Override
  public CompletionStage<Boolean> fits(String client, LocalDate day, long held, long limit) {
    return holdThere(client, day, held, Long.toString(limit))
        .exceptionally(
            failure -> {
              LOG.debug("Redis did not report what other replicas hold", failure);
              return used(client, day) + held <= limit;
            });
  }

  @Override
  public void hold(String client, LocalDate day, long held) {
    CompletionStage<Boolean> unused = holdThere(client, day, held, HOLD_ALWAYS);
  }

  private CompletionStage<Boolean> holdThere(
      String client, LocalDate day, long held, String limit) {
    String key = key(client, day);
    lock.lock();
    try {
      long mine = counts(key, day).byReplica.getOrDefault(me, 0L);
      String[] args = {
        me, Long.toString(mine), Long.toString(held), limit, HOLD_SECONDS, keepSeconds(key)
      };
      return link.run(HOLD, new String[] {key, key + ":held"}, args)
          .thenApply(answer -> answer.get(0).equals("1"));
    } finally {
      lock.unlock();
    }
  }

  /** Returns the counts of a day. Two days are kept, as calls can last beyond midnight. */
  private Counts counts(String key, LocalDate day) {
    if (day.isAfter(latest)) {
      latest = day;
      known.entrySet().removeIf(old -> isOver(old.getKey(), old.getValue().day, day));
    }
    return known.computeIfAbsent(key, k -> new Counts(day));
  }

  private static boolean isOver(String key, LocalDate start, LocalDate day) {
    return start.isBefore(isMonth(key) ? day.withDayOfMonth(1).minusMonths(1) : day.minusDays(1));
  }

  private static boolean isMonth(String key) {
    return key.contains(":month:");
  }

  /** Returns the seconds for which Redis keeps an account, from its last change. */
  private static String keepSeconds(String key) {
    return isMonth(key) ? KEEP_MONTH_SECONDS : KEEP_SECONDS;
  }

  /**
   * Sends counts, and merges those that Redis answers.
   *
   * @param all true to send the other replicas' counts too
   */
  private CompletionStage<Void> send(String key, Counts counts, boolean all) {
    List<String> args = new ArrayList<>(List.of(keepSeconds(key)));
    counts.byReplica.forEach(
        (replica, tokens) -> {
          if (all || replica.equals(me)) {
            args.add(replica);
            args.add(Long.toString(tokens));
          }
        });
    return link.run(SCRIPT, new String[] {key}, args.toArray(String[]::new))
        .thenAccept(answer -> merge(key, counts, answer));
  }

  private void merge(String key, Counts counts, List<Object> answer) {
    Map<String, Long> there = new HashMap<>();
    for (int i = 0; i < answer.size(); i += 2) {
      there.put((String) answer.get(i), Long.valueOf((String) answer.get(i + 1)));
    }
    lock.lock();
    try {
      counts.read = true;
      boolean lacks =
          counts.byReplica.entrySet().stream()
              .anyMatch(
                  mine ->
                      !mine.getKey().equals(me)
                          && there.getOrDefault(mine.getKey(), 0L) < mine.getValue());
      there.forEach((replica, tokens) -> counts.byReplica.merge(replica, tokens, Math::max));
      if (lacks) {
        // Redis has lost its data while it was connected.
        CompletionStage<Void> unused = send(key, counts, true);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void connected() {
    lock.lock();
    try {
      known.forEach(
          (key, counts) -> {
            CompletionStage<Void> unused = send(key, counts, true);
          });
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void lost() {}

  @Override
  public void received(String message) {}

  @Override
  public void close() {
    link.ignore("caravan:usage");
    List<CompletionStage<Void>> last = new ArrayList<>();
    lock.lock();
    try {
      known.forEach((key, counts) -> last.add(send(key, counts, false)));
    } finally {
      lock.unlock();
    }
    last.forEach(this::await);
  }

  /** Returns how many counts are in memory, for tests. */
  int size() {
    lock.lock();
    try {
      return known.size();
    } finally {
      lock.unlock();
    }
  }
}
