package io.caravan.attack;

import io.caravan.attack.Attack.Result;
import io.caravan.attack.Lab.Keys;
import io.caravan.testkit.RawClient;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Attacks by open streams. */
final class StreamAttacks {
  private static final int STREAMS = 620;
  private static final int STALLED = 200;
  private static final Duration STALL = Duration.ofSeconds(8);

  private StreamAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "620 open streams; answered, health",
            "nothing is answered, nor health (Java 17)",
            StreamAttacks::manyStreams),
        new Attack(
            "200 readers of large chunks stall; live heap (MB)",
            "1,800 (9 each)",
            StreamAttacks::stalledReaders));
  }

  private static Result manyStreams(Lab lab) throws Exception {
    Upstream.keepStreams();
    List<CompletableFuture<HttpResponse<InputStream>>> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      streams.add(
          lab.http()
              .sendAsync(
                  lab.message(Keys.GOOD, Lab.body("claude-sonnet", Upstream.STAY, 9, true)).build(),
                  HttpResponse.BodyHandlers.ofInputStream()));
    }
    int open = 0;
    int refused = 0;
    for (CompletableFuture<HttpResponse<InputStream>> stream : streams) {
      int status = status(stream);
      open += status == 200 ? 1 : 0;
      refused += status == 529 ? 1 : 0;
    }
    boolean healthy = lab.isHealthy();
    Upstream.goOn.complete(null);
    for (CompletableFuture<HttpResponse<InputStream>> stream : streams) {
      if (status(stream) == 200) {
        try (InputStream in = stream.join().body()) {
          in.readAllBytes();
        }
      }
    }
    return new Result(
        "%d streams, %d refused (529), health %s"
            .formatted(open, refused, healthy ? "200" : "none"),
        healthy && open + refused == STREAMS && open > STREAMS / 2 && lab.isServed());
  }

  private static int status(CompletableFuture<HttpResponse<InputStream>> stream) {
    try {
      return stream.orTimeout(30, TimeUnit.SECONDS).join().statusCode();
    } catch (CompletionException e) {
      return 0;
    }
  }

  private static Result stalledReaders(Lab lab) throws Exception {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < STALLED; i++) {
        RawClient client = RawClient.connect(lab.port());
        client.post(
            "/v1/messages",
            Lab.body("claude-sonnet", Upstream.LARGE, 9, true).getBytes(StandardCharsets.UTF_8),
            "x-api-key: " + Keys.MALLORY.text());
        clients.add(client);
      }
      Thread.sleep(STALL.toMillis());
      boolean healthy = lab.isHealthy();
      long heap = lab.heap();
      boolean sound = healthy && lab.caravan().isAlive();
      return new Result(sound ? Long.toString(heap) : "the process has ended", sound && heap < 200);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }
}
