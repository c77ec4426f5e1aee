package io.caravan.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.limits.upstream.Admission;
import io.caravan.limits.upstream.AdmissionRefused;
import io.caravan.limits.upstream.AdmissionRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Replicas that share a window in a real Redis, and a record of all their permits. */
final class Replicas implements AutoCloseable {
  static final int LIMIT = 8;
  static final Duration WINDOW = Duration.ofSeconds(2);

  /** The time between Redis' count of a permit and the test's; the machine may be busy. */
  static final Duration MARGIN = Duration.ofMillis(300);

  static final ClusterTimings TIMINGS =
      new ClusterTimings(
          Duration.ofMillis(100),
          Duration.ofMillis(400),
          Duration.ofMillis(600),
          Duration.ofSeconds(1),
          Duration.ofMillis(700));

  final RedisServer redis;
  final Queue<Long> given = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Replica> all = new ArrayList<>();

  private Replicas(RedisServer redis) {
    this.redis = redis;
  }

  static Replicas withRedis() throws IOException {
    return new Replicas(RedisServer.started());
  }

  static Replicas withoutRedis() throws IOException {
    return new Replicas(RedisServer.stopped());
  }

  Replica start() {
    return start(LIMIT);
  }

  Replica start(int limit) {
    Replica replica = new Replica(limit);
    all.add(replica);
    return replica;
  }

  static AdmissionRequest request() {
    return new AdmissionRequest(new AdmissionRequest.Turn("", "s", false), null);
  }

  /** A replica, within the test's process. */
  final class Replica {
    final SharedLimits shared = new SharedLimits();
    final Admission admission = new Admission();

    private Replica(int limit) {
      shared.setRedisUrl(redis.url());
      shared.setRedisTimeout(Duration.ofMillis(300));
      shared.setTimings(TIMINGS);
      admission.setName("nim");
      admission.setRequestsPerMinute(limit);
      admission.setWindow(WINDOW);
      admission.setMargin(MARGIN);
      admission.setShared(shared);
      admission.start();
    }

    boolean mayTakeNow() throws InterruptedException {
      try {
        admission
            .acquire(new AdmissionRequest(new AdmissionRequest.Turn("", "s", false), Duration.ZERO))
            .close();
        return true;
      } catch (AdmissionRefused e) {
        return false;
      }
    }

    int takeAll() throws InterruptedException {
      int taken = 0;
      while (mayTakeNow()) {
        taken++;
      }
      return taken;
    }

    /** Takes permits as fast as it gets them, until it is closed. */
    Replica greedy() {
      for (int session = 0; session < 3; session++) {
        AdmissionRequest request =
            new AdmissionRequest(
                new AdmissionRequest.Turn("", "s" + session, false), Duration.ofHours(1));
        threads.execute(
            () -> {
              try {
                while (true) {
                  admission.acquire(request).close();
                  given.add(System.nanoTime());
                }
              } catch (InterruptedException | AdmissionRefused e) {
                Thread.currentThread().interrupt();
              }
            });
      }
      return this;
    }

    void awaitAlone(long more) {
      long goal = shared.getGivenAlone() + more;
      await().atMost(Duration.ofMinutes(1)).until(() -> shared.getGivenAlone() >= goal);
    }

    void awaitConnected() {
      await().atMost(Duration.ofMinutes(1)).until(shared::isRedisConnected);
    }

    void awaitEmpty() {
      await().until(admission::getWindowUsed, used -> used == 0);
    }

    /** Ends without leaving the other replicas. */
    void die() {
      shared.close();
    }

    void close() {
      admission.close();
      shared.close();
    }
  }

  /** Waits until Redis knows that many replicas. */
  void awaitKnown(int count) {
    // The hash has one field more, for its epoch.
    await().until(() -> redis.ask(c -> c.hlen("caravan:window:{nim}:replicas")) == count + 1);
  }

  void awaitGiven(int more) {
    int goal = given.size() + more;
    await().atMost(Duration.ofMinutes(1)).until(() -> given.size() >= goal);
  }

  long givenAlone() {
    return all.stream().mapToLong(replica -> replica.shared.getGivenAlone()).sum();
  }

  /** Asserts that no window has more permits than the limit, of all replicas together. */
  void assertStrict() {
    List<Long> times = new ArrayList<>(given);
    times.sort((a, b) -> Long.compare(a - b, 0));
    for (int i = LIMIT; i < times.size(); i++) {
      assertThat(Duration.ofNanos(times.get(i) - times.get(i - LIMIT)))
          .as("from permit %d to permit %d of %d", i - LIMIT, i, times.size())
          .isGreaterThanOrEqualTo(WINDOW);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    all.forEach(Replica::close);
    redis.close();
  }
}
