package io.caravan.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.limits.client.Client;
import io.caravan.limits.client.ClientLimits;
import io.caravan.limits.client.ClientRefused;
import io.caravan.limits.client.Reservation;
import io.caravan.testkit.NeedsProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tests a budget of tokens a day that replicas share. */
@Execution(ExecutionMode.CONCURRENT)
@NeedsProgram(value = "redis-server", requiredInCi = true)
class RedisBudgetIT {
  private static final Client ANN = new Client("ann", 0, 0, 1000, List.of());

  private final List<AutoCloseable> open = new ArrayList<>();
  private RedisServer redis;

  @BeforeEach
  void start() throws IOException {
    redis = RedisServer.started();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    redis.close();
  }

  private ClientLimits replica() {
    return replica(Duration.ofMillis(500));
  }

  private ClientLimits replica(Duration timeout) {
    SharedLimits shared = new SharedLimits();
    shared.setRedisUrl(redis.url());
    shared.setRedisTimeout(timeout);
    ClientLimits limits = new ClientLimits();
    limits.setShared(shared);
    limits.open();
    open.add(limits);
    open.add(shared);
    return limits;
  }

  private static Optional<Reservation> ask(ClientLimits replica) {
    try {
      return Optional.of(replica.check(ANN, 10, 290));
    } catch (ClientRefused e) {
      return Optional.empty();
    }
  }

  @Test
  void requestsAtOnceEndAtMostOneAReplicaBeyondTheBudget() {
    List<ClientLimits> replicas = List.of(replica(), replica());
    List<Reservation> admitted = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      ask(replicas.get(i % 2)).ifPresent(admitted::add);
    }

    assertThat(admitted).as("three that fit, and one of each replica").hasSize(5);

    admitted.forEach(each -> each.charge(300));
    await()
        .untilAsserted(
            () -> assertThat(replicas).allSatisfy(each -> assertThat(ask(each)).isEmpty()));
  }

  @Test
  void whatIsGivenBackCanBeUsedByAnother() {
    ClientLimits first = replica();
    ClientLimits second = replica();
    List<Reservation> held =
        List.of(ask(first).orElseThrow(), ask(first).orElseThrow(), ask(first).orElseThrow());
    Reservation beyond = ask(second).orElseThrow();
    assertThat(ask(second)).isEmpty();

    held.forEach(each -> each.charge(10));
    beyond.charge(10);

    // The charges are sent, and not waited for.
    await().until(() -> ask(second).isPresent());
    await().until(() -> ask(second).isPresent());
  }

  @Test
  void withoutRedisEachReplicaHoldsItsOwn() {
    ClientLimits only = replica();
    redis.kill();

    List<Reservation> admitted = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ask(only).ifPresent(admitted::add);
    }
    assertThat(admitted).hasSize(4);
  }

  /** The time is the longest that Redis may take: nothing else of the key waits as long. */
  @Test
  @Timeout(60)
  void aRedisThatDoesNotAnswerHoldsUpNothingElseOfTheKey() throws Exception {
    ClientLimits only = replica(Duration.ofSeconds(30));
    Reservation first = ask(only).orElseThrow();
    redis.freeze();
    CompletableFuture<Optional<Reservation>> second =
        CompletableFuture.supplyAsync(() -> ask(only));
    await().untilAsserted(() -> assertThat(only.status(ANN).tokens().remaining()).isEqualTo(980));

    first.charge(100);

    assertThat(only.status(ANN).tokens().remaining()).isEqualTo(890);
    assertThat(second).isNotDone();
    redis.thaw();
    assertThat(second.get()).isPresent();
  }

  @Test
  @Timeout(60)
  void manyRequestsWaitForRedisTogetherAndNotOneAfterTheOther() throws Exception {
    ClientLimits only = replica(Duration.ofSeconds(30));
    assertThat(ask(only)).isPresent();
    redis.freeze();
    List<CompletableFuture<Optional<Reservation>>> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(CompletableFuture.supplyAsync(() -> ask(only), task -> new Thread(task).start()));
    }
    await().untilAsserted(() -> assertThat(only.status(ANN).tokens().remaining()).isEqualTo(960));
    redis.thaw();

    long admitted = waiting.stream().filter(each -> each.join().isPresent()).count();
    assertThat(admitted).as("two that fit, and one beyond").isEqualTo(3);
    assertThat(ask(only)).isEmpty();
  }
}
