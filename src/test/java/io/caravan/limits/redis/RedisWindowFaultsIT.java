package io.caravan.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.NeedsProgram;
import io.lettuce.core.KillArgs;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Tests three replicas with all faults of a Redis, in random order; {@code
 * -Dcaravan.faults.seconds} sets the duration, {@code -Dcaravan.faults.seed} repeats a run.
 */
@NeedsProgram(value = "redis-server", requiredInCi = true)
class RedisWindowFaultsIT {
  private final long seed = Long.getLong("caravan.faults.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void theWindowHoldsWhateverHappensToRedis() throws Exception {
    long end =
        System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("caravan.faults.seconds", 12));
    try (Replicas replicas = Replicas.withRedis()) {
      replicas.start().greedy();
      replicas.start().greedy();
      replicas.start().greedy();
      replicas.awaitGiven(1);
      while (System.nanoTime() - end < 0) {
        fault(replicas.redis);
        pass(4000);
      }
      replicas.awaitGiven(Replicas.LIMIT);
      assertThat(replicas.given).as("seed " + seed).isNotEmpty();
      replicas.assertStrict();
    }
  }

  private void fault(RedisServer redis) throws IOException, InterruptedException {
    switch (random.nextInt(5)) {
      case 0 -> {
        redis.kill();
        redis.start();
      }
      case 1 -> {
        redis.kill();
        pass(7000);
        redis.start();
      }
      case 2 -> {
        redis.freeze();
        pass(7000);
        redis.thaw();
      }
      case 3 -> redis.ask(commands -> commands.flushall());
      default -> redis.ask(commands -> commands.clientKill(KillArgs.Builder.typePubsub()));
    }
  }

  private void pass(int atMostMillis) {
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(atMostMillis)).toNanos());
  }
}
