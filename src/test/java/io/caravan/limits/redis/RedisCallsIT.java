package io.caravan.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.limits.upstream.Admission;
import io.caravan.limits.upstream.PendingRequest;
import io.caravan.testkit.NeedsProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tests the limit of concurrent calls that replicas share. */
@Execution(ExecutionMode.CONCURRENT)
@NeedsProgram(value = "redis-server", requiredInCi = true)
class RedisCallsIT {
  private static final int LIMIT = 4;
  private static final String KEY = "caravan:calls:{nim}";

  private final List<Replica> all = new ArrayList<>();
  private RedisServer redis;

  @BeforeEach
  void start() throws IOException {
    redis = RedisServer.started();
  }

  @AfterEach
  void stop() {
    all.forEach(Replica::close);
    redis.close();
  }

  private final class Replica {
    final SharedLimits shared = new SharedLimits();
    final Admission admission = new Admission();
    final List<PendingRequest> calls = new ArrayList<>();

    Replica(int requests) {
      shared.setRedisUrl(redis.url());
      shared.setRedisTimeout(Duration.ofMillis(300));
      shared.setTimings(Replicas.TIMINGS);
      admission.setName("nim");
      admission.setRequestsPerMinute(requests);
      admission.setMaxConcurrency(LIMIT);
      admission.setMaxWait(Duration.ofHours(1));
      admission.setShared(shared);
      admission.start();
      all.add(this);
    }

    void ask(int times) {
      for (int i = 0; i < times; i++) {
        calls.add(admission.enter(Replicas.request()));
      }
    }

    int underWay() {
      return admission.getActive();
    }

    void end(int times) throws InterruptedException {
      for (int i = 0; i < times; i++) {
        PendingRequest call =
            calls.stream().filter(PendingRequest::granted).findFirst().orElseThrow();
        calls.remove(call);
        call.await().close();
      }
    }

    void awaitUnderWay(int count) {
      await().atMost(Duration.ofSeconds(30)).until(() -> underWay() == count);
    }

    void close() {
      admission.close();
      shared.close();
    }
  }

  private Replica replica() {
    Replica replica = new Replica(0);
    // The hash has one field more, for its epoch.
    await().until(() -> redis.ask(c -> c.hlen(KEY + ":replicas")) == all.size() + 1);
    return replica;
  }

  private void awaitInRedis(long count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> redis.ask(c -> c.zcard(KEY)) == count);
  }

  private static int underWay(Replica... replicas) {
    int sum = 0;
    for (Replica replica : replicas) {
      sum += replica.underWay();
    }
    return sum;
  }

  /** What a clock that was an hour ahead has left: a dead replica's leases, and an epoch. */
  @Test
  void aClockThatWasSetBackLocksNobodyOut() {
    Replica a = replica();
    redis.ask(
        c -> {
          double ahead = (Long.parseLong(c.time().get(0)) + 3600) * 1e6;
          for (int i = 0; i < LIMIT; i++) {
            c.zadd(KEY, ahead, "dead:" + i);
          }
          return c.hset(KEY + ":replicas", "epoch", String.format("%.0f", ahead));
        });

    a.ask(LIMIT);

    a.awaitUnderWay(LIMIT);
  }

  @Test
  void replicasTogetherHaveNoMoreCallsThanTheLimitAndOneMayHaveThemAll() throws Exception {
    Replica a = replica();
    Replica b = replica();
    a.ask(LIMIT + 1);
    a.awaitUnderWay(LIMIT);
    b.ask(1);
    awaitInRedis(LIMIT);
    assertThat(b.underWay()).isZero();

    a.end(2);

    b.awaitUnderWay(1);
    a.awaitUnderWay(LIMIT - 1);
    assertThat(underWay(a, b)).isEqualTo(LIMIT);
  }

  @Test
  void anEndedCallIsNoLongerInRedis() throws Exception {
    Replica a = replica();
    a.ask(2);
    a.awaitUnderWay(2);
    a.end(2);
    awaitInRedis(0);
  }

  @Test
  void theCallsOfAReplicaThatDiesEndWithTheirLeases() {
    Replica a = replica();
    Replica b = replica();
    a.ask(LIMIT);
    a.awaitUnderWay(LIMIT);
    b.ask(1);

    a.shared.close();

    b.awaitUnderWay(1);
  }

  @Test
  void callsUnderWayAreKnownAgainToARedisThatHasLostItsData() throws Exception {
    Replica a = replica();
    Replica b = replica();
    a.ask(LIMIT - 1);
    a.awaitUnderWay(LIMIT - 1);

    redis.ask(commands -> commands.flushall());
    b.ask(2);

    b.awaitUnderWay(1);
    awaitInRedis(LIMIT);
    assertThat(underWay(a, b)).isEqualTo(LIMIT);
  }

  @Test
  void withoutRedisEachReplicaGoesOnWithItsShare() throws Exception {
    Replica a = replica();
    Replica b = replica();
    a.ask(1);
    a.awaitUnderWay(1);
    await().until(() -> a.shared.isRedisConnected() && b.shared.isRedisConnected());

    redis.kill();
    await().until(() -> !a.shared.isRedisConnected() && !b.shared.isRedisConnected());
    a.ask(LIMIT);
    b.ask(LIMIT);
    a.awaitUnderWay(LIMIT / 2);
    b.awaitUnderWay(LIMIT / 2);

    redis.start();
    awaitInRedis(LIMIT);
    a.end(1);
    // A call that Redis has given too late for its replica to hear of it ends with its lease.
    await().atMost(Duration.ofSeconds(30)).until(() -> underWay(a, b) == LIMIT);
  }

  @Test
  void whoWaitsForTheWindowHoldsNoCall() {
    Replica a = new Replica(1);
    a.ask(3);
    a.awaitUnderWay(1);
    awaitInRedis(1);
  }

  @Test
  void aForecastKnowsOfTheOthersCalls() throws Exception {
    Replica a = replica();
    Replica b = replica();
    b.ask(1);
    b.awaitUnderWay(1);
    b.end(1);
    a.ask(LIMIT);
    a.awaitUnderWay(LIMIT);

    await()
        .untilAsserted(
            () -> assertThat(b.admission.predictedWait(Replicas.request())).isPositive());
  }
}
