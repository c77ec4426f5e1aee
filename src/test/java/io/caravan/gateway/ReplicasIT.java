package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.limits.redis.RedisServer;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.NeedsProgram;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests two replicas of the whole gateway that share one real Redis. */
@NeedsProgram(value = "redis-server", requiredInCi = true)
class ReplicasIT {
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final int LIMIT = 6;
  private static final Duration WINDOW = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path directory;
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
  private final List<Gateway> replicas = new ArrayList<>();
  private RedisServer redis;
  private ScriptedUpstream upstream;

  @BeforeEach
  void prepare() throws Exception {
    redis = RedisServer.started();
    upstream = ScriptedUpstream.start();
    upstream.answer(request -> Script.says("ok"));
  }

  @AfterEach
  void stop() {
    enough.set(true);
    clients.shutdownNow();
    replicas.forEach(Gateway::close);
    upstream.close();
    redis.close();
  }

  private Gateway start(String... settings) throws Exception {
    List<String> all = new ArrayList<>(List.of("caravan.model.default", "nim/test/model"));
    all.addAll(List.of("caravan.redis.url", redis.url()));
    all.addAll(List.of(settings));
    Gateway gateway = Gateway.before(upstream, all.toArray(String[]::new));
    replicas.add(gateway);
    return gateway;
  }

  private Gateway startLimited() throws Exception {
    return start(
        "caravan.nim.rate-limit",
        Integer.toString(LIMIT),
        "caravan.limits.window",
        Long.toString(WINDOW.toMillis()),
        // The time between a permit and the arrival of its call; the machine may be busy.
        "caravan.limits.margin",
        "1500");
  }

  /** Starts clients that send the next request as soon as they have a response. */
  private void besiege(Gateway gateway) {
    for (int i = 0; i < 4; i++) {
      clients.execute(
          () -> {
            try {
              while (!enough.get()) {
                statuses.add(gateway.post("/v1/messages", HI).statusCode());
              }
            } catch (Exception e) {
              if (!enough.get()) {
                statuses.add(0);
              }
            }
          });
    }
  }

  private void awaitCalls(int more) {
    int goal = upstream.completions().size() + more;
    await().atMost(PATIENCE).until(() -> upstream.completions().size() >= goal);
  }

  private static double metric(Gateway gateway, String name) {
    MeterRegistry meters = gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
    return meters.get(name).meter().measure().iterator().next().getValue();
  }

  private void awaitAlone(Gateway gateway) {
    await().atMost(PATIENCE).until(() -> metric(gateway, "caravan_redis_away_permits") > 0);
  }

  private void awaitConnected(Gateway gateway) {
    await().atMost(PATIENCE).until(() -> metric(gateway, "caravan_redis_connected") == 1);
  }

  private void assertStrict() {
    List<Long> times = upstream.completions().stream().map(ReceivedRequest::receivedAt).toList();
    List<Long> inOrder = new ArrayList<>(times);
    inOrder.sort((a, b) -> Long.compare(a - b, 0));
    for (int i = LIMIT; i < inOrder.size(); i++) {
      assertThat(Duration.ofNanos(inOrder.get(i) - inOrder.get(i - LIMIT)))
          .as("from call %d to call %d of %d", i - LIMIT, i, inOrder.size())
          .isGreaterThanOrEqualTo(WINDOW);
    }
  }

  @Test
  void theSharedWindowHoldsWithAndWithoutRedisAndNoRequestIsLost() throws Exception {
    Gateway a = startLimited();
    Gateway b = startLimited();
    besiege(a);
    besiege(b);
    awaitCalls(LIMIT + 2);
    awaitConnected(a);
    awaitConnected(b);

    redis.kill();
    awaitAlone(a);
    awaitAlone(b);
    assertThat(metric(a, "caravan_redis_connected")).isZero();
    awaitCalls(LIMIT);

    redis.start();
    awaitConnected(a);
    awaitConnected(b);
    awaitCalls(2 * LIMIT);

    enough.set(true);
    assertStrict();
    assertThat(statuses).isNotEmpty().containsOnly(200);
  }

  @Test
  void aDailyBudgetIsOneForAllReplicas() throws Exception {
    Path keys = directory.resolve("keys");
    // sha256 of "sha256-me"
    Files.writeString(
        keys,
        "sha256:cde979157c5796964738893b63473010a42c9fa4fade1389b0960117f4b7a9b4 name=ann daily-tokens=1000\n");
    Gateway a = start("caravan.client-keys-file", keys.toString());
    Gateway b = start("caravan.client-keys-file", keys.toString());
    upstream.enqueue(
        Script.stream(Chunks.text("much"), Chunks.finish("stop"), Chunks.usage(10, 985)));
    assertThat(ask(b).statusCode()).isEqualTo(200);

    await().untilAsserted(() -> assertThat(ask(a).statusCode()).isEqualTo(429));
    assertThat(ask(b).statusCode()).isEqualTo(429);
  }

  private static HttpResponse<String> ask(Gateway gateway) throws Exception {
    return gateway.post("/v1/messages", HI, "x-api-key", "sha256-me");
  }
}
