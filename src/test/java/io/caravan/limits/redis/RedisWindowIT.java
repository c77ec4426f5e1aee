package io.caravan.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.caravan.limits.Time;
import io.caravan.limits.redis.Replicas.Replica;
import io.caravan.limits.upstream.LocalWindow;
import io.caravan.limits.upstream.PendingRequest;
import io.caravan.testkit.NeedsProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
@NeedsProgram(value = "redis-server", requiredInCi = true)
class RedisWindowIT {
  private static final int LIMIT = Replicas.LIMIT;
  private static final String KEY = "caravan:window:{nim}";
  private Replicas replicas;

  @AfterEach
  void stop() {
    if (replicas != null) {
      replicas.close();
    }
  }

  private RedisServer redis() throws IOException {
    if (replicas == null) {
      replicas = Replicas.withRedis();
    }
    return replicas.redis;
  }

  @Test
  void twoReplicasTogetherStayWithinTheLimitAndBothGetTheirTurns() throws Exception {
    redis();
    Replica a = replicas.start().greedy();
    Replica b = replicas.start().greedy();
    replicas.awaitGiven(3 * LIMIT);
    replicas.assertStrict();
    assertThat(a.admission.getGranted()).isPositive();
    assertThat(b.admission.getGranted()).isPositive();
    assertThat(replicas.givenAlone()).isZero();
  }

  @Test
  void theWindowHoldsAcrossARestartThatLosesTheData() throws Exception {
    redis();
    replicas.start().greedy();
    replicas.start().greedy();
    replicas.awaitGiven(LIMIT + 2);
    redis().kill();
    redis().start();
    replicas.awaitGiven(2 * LIMIT);
    replicas.assertStrict();
  }

  @Test
  void withoutRedisReplicasGoOnWithTheirSharesAndTheWindowHoldsBeforeAndAfter() throws Exception {
    redis();
    Replica a = replicas.start().greedy();
    Replica b = replicas.start().greedy();
    replicas.awaitGiven(LIMIT + 2);
    redis().kill();
    a.awaitAlone(LIMIT);
    b.awaitAlone(LIMIT);
    redis().start();
    a.awaitConnected();
    b.awaitConnected();
    replicas.awaitGiven(2 * LIMIT);
    replicas.assertStrict();
  }

  /** The outage outlasts Redis' memory of a silent replica: the first one back remembers it. */
  @Test
  void aRedisThatHangsIsUnavailable() throws Exception {
    redis();
    Replica a = replicas.start().greedy();
    Replica b = replicas.start().greedy();
    replicas.awaitGiven(LIMIT + 2);
    redis().freeze();
    a.awaitAlone(LIMIT);
    b.awaitAlone(LIMIT);
    redis().thaw();
    a.awaitConnected();
    b.awaitConnected();
    replicas.awaitGiven(2 * LIMIT);
    replicas.assertStrict();
  }

  @Test
  void dataThatAreDeletedUnderARunningConnectionAreBroughtBack() throws Exception {
    redis();
    replicas.start().greedy();
    replicas.start().greedy();
    replicas.awaitGiven(LIMIT + 2);
    redis().ask(commands -> commands.flushall());
    replicas.awaitGiven(2 * LIMIT);
    replicas.assertStrict();
    assertThat(replicas.givenAlone()).isZero();
  }

  @Test
  void aReplicaThatStartsWithoutRedisTakesItsShareAndIsServedByRedisLater() throws Exception {
    replicas = Replicas.withoutRedis();
    Replica a = replicas.start().greedy();
    a.awaitAlone(LIMIT);
    List<Long> alone = new ArrayList<>(replicas.given);
    assertThat(alone.get(LIMIT / 2) - alone.get(0)).isGreaterThan(Replicas.WINDOW.toNanos());
    redis().start();
    a.awaitConnected();
    replicas.awaitGiven(2 * LIMIT);
    replicas.assertStrict();
  }

  @Test
  void aRedisThatRefusesIsUnavailable() throws Exception {
    redis();
    Replica a = replicas.start().greedy();
    replicas.awaitGiven(1);
    redis().ask(commands -> commands.configSet("maxmemory", "1"));
    a.awaitAlone(LIMIT);
    redis().ask(commands -> commands.configSet("maxmemory", "0"));
    long alone = replicas.givenAlone();
    replicas.awaitGiven(2 * LIMIT);
    replicas.assertStrict();
    assertThat(replicas.givenAlone()).isLessThan(alone + 2 * LIMIT);
  }

  @Test
  void theShareOfAReplicaThatDiedIsKeptBackForTwoWindows() throws Exception {
    redis();
    Replica a = replicas.start();
    Replica b = replicas.start();
    replicas.awaitKnown(2);
    await().until(() -> a.takeAll() > 0);
    b.die();
    // One window later the replica has been silent for long.
    a.awaitEmpty();
    assertThat(a.takeAll()).isEqualTo(LIMIT / 2);
    replicas.awaitKnown(1);
    a.awaitEmpty();
    assertThat(a.takeAll()).isEqualTo(LIMIT);
  }

  @Test
  void aReplicaThatLeavesGivesItsShareToTheOthers() throws Exception {
    redis();
    Replica a = replicas.start();
    Replica b = replicas.start();
    replicas.awaitKnown(2);
    b.close();
    replicas.awaitKnown(1);
    await().until(() -> a.takeAll() > 0);
    a.awaitEmpty();
    assertThat(a.takeAll()).isEqualTo(LIMIT);
  }

  @Test
  void eachReplicaKnowsOfTheOthersPermits() throws Exception {
    redis();
    Replica a = replicas.start();
    Replica b = replicas.start();
    replicas.awaitKnown(2);
    await().until(() -> b.takeAll() == LIMIT);
    await().until(a.admission::getWindowUsed, used -> used == LIMIT);
    assertThat(a.admission.predictedWait(Replicas.request()))
        .isBetween(Duration.ofMillis(1), Replicas.WINDOW.plus(Replicas.MARGIN));
    assertThat(a.mayTakeNow()).isFalse();
  }

  @Test
  void aPermitThatIsNotUsedIsFreeForTheOthers() throws Exception {
    redis();
    Replica a = replicas.start(1);
    Replica b = replicas.start(1);
    replicas.awaitKnown(2);
    PendingRequest taken = a.admission.enter(Replicas.request());
    await().until(taken::granted);
    await().until(() -> b.admission.getWindowUsed() == 1);
    PendingRequest waiting = b.admission.enter(Replicas.request());
    taken.abandon();
    // Before the window would let it through.
    await().atMost(Replicas.WINDOW).until(waiting::granted);
  }

  @Test
  void whatIsInRedisExpiresAndHoldsNoMoreThanNamesAndTimes() throws Exception {
    redis();
    Replica a = replicas.start();
    await().until(a::mayTakeNow);
    List<String> keys = redis().ask(commands -> commands.keys("*"));
    assertThat(keys).containsExactlyInAnyOrder(KEY, KEY + ":replicas");
    for (String key : keys) {
      long expiry = redis().ask(commands -> commands.pttl(key));
      assertThat(expiry).isBetween(1L, Replicas.WINDOW.multipliedBy(5).toMillis());
    }
    List<String> permits = redis().ask(commands -> commands.zrange(KEY, 0, -1));
    assertThat(permits).isNotEmpty().allMatch(permit -> permit.matches("[0-9a-f]{16}:[0-9]+"));
  }

  @Test
  void theUrlIsNotQuotedWhereItIsWrong() {
    SharedLimits shared = new SharedLimits();
    assertThatThrownBy(() -> shared.setRedisUrl("redis//:canary@host"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("canary")
        .hasNoCause();
  }

  @Test
  void withoutAUrlTheWindowIsTheProcessOwn() {
    SharedLimits shared = new SharedLimits();
    shared.setRedisUrl(" ");
    assertThat(shared.window("nim", 1, 1, 1, Time.system())).isInstanceOf(LocalWindow.class);
    assertThat(shared.isRedisConnected()).isFalse();
  }
}
