package io.caravan.runtimes;

import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.PlainClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Updates two replicas behind nginx under many streams as Kubernetes does it: a new one is started,
 * gets requests once it is ready, and then an old one is asked to end, which nginx learns by its
 * readiness. No request may fail. {@code bench/replicas.sh --rolling} describes its arguments.
 */
public final class Rolling {
  private static final PrintStream OUT = System.out;
  private static final int PATIENCE_MILLIS = 60_000;
  private static final Duration OF_A_PIECE = Duration.ofMillis(100);
  private static final int PIECES = 20;
  private static final int LOOK_MILLIS = 200;
  private static final int SHOWN = 10;

  /** Longer than it takes until nginx has learned that a replica ends. */
  private static final String SHUTDOWN_DELAY = "3000";

  private final Arguments arguments;
  private final Path work;
  private final ScriptedUpstream upstream;
  private final List<CaravanProcess> running = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger complete = new AtomicInteger();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  private Rolling(Arguments arguments, Path work, ScriptedUpstream upstream) {
    this.arguments = arguments;
    this.work = work;
    this.upstream = upstream;
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.parse(args, Set.of(), Set.of("jar", "nginx", "streams"));
    Path work = Files.createDirectories(Path.of("target/rolling")).toAbsolutePath();
    boolean sound;
    try (ScriptedUpstream upstream = ScriptedUpstream.start().recordNothing()) {
      upstream.answer(request -> stream());
      Rolling rolling = new Rolling(arguments, work, upstream);
      try {
        sound = rolling.run(arguments.get("streams", 200));
      } finally {
        rolling.running.forEach(CaravanProcess::close);
      }
    }
    System.exit(sound ? 0 : 1);
  }

  /** Returns a stream of two seconds. */
  private static Script stream() {
    Script script = Script.stream(Chunks.role());
    for (int i = 0; i < PIECES; i++) {
      script = script.pause(OF_A_PIECE).write(Chunks.text("piece "));
    }
    return script.write(Chunks.finish("stop") + Chunks.DONE);
  }

  private CaravanProcess start(String name) {
    CaravanProcess replica =
        CaravanProcess.start(
            CaravanProcess.thisJava(),
            List.of("-Xmx512m"),
            Path.of(arguments.get("jar", "target/caravan.jar")),
            work.resolve(name),
            Map.of(
                "NIM_BASE_URL", upstream.url(),
                "NVIDIA_API_KEY", "upstream-key",
                "NIM_RATE_LIMIT", "0",
                "MODEL", "nim/scripted/model",
                "CARAVAN_SHUTDOWN_DELAY", SHUTDOWN_DELAY));
    running.add(replica);
    return replica;
  }

  private boolean run(int streams) throws Exception {
    CaravanProcess first = start("first");
    CaravanProcess second = start("second");
    try (Nginx nginx =
        Nginx.start(arguments.get("nginx", "nginx"), work, first.url(), second.url())) {
      List<Thread> threads = new ArrayList<>();
      threads.add(started(() -> balance(nginx)));
      PlainClient client = new PlainClient(URI.create(nginx.url()), PATIENCE_MILLIS);
      for (int i = 0; i < streams; i++) {
        threads.add(started(() -> ask(client)));
      }
      awaitOpen(streams);
      int before = complete.get();
      replace(first, "third");
      replace(second, "fourth");
      awaitOpen(streams);
      int after = complete.get();
      over = true;
      for (Thread thread : threads) {
        thread.join();
      }
      return report(streams, after - before);
    }
  }

  private static Thread started(Runnable task) {
    Thread thread = new Thread(task, "rolling");
    thread.start();
    return thread;
  }

  private void awaitOpen(int streams) throws InterruptedException {
    int more = complete.get() + streams;
    while (complete.get() + failed.size() < more || open.get() < streams / 2) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private void replace(CaravanProcess old, String name) throws InterruptedException {
    CaravanProcess fresh = start(name);
    while (!isReady(fresh)) {
      Thread.sleep(LOOK_MILLIS);
    }
    old.terminate();
    while (old.isAlive()) {
      Thread.sleep(LOOK_MILLIS);
    }
    running.remove(old);
  }

  /** Does what a controller of endpoints does: nginx gets the replicas that are ready. */
  private void balance(Nginx nginx) {
    List<String> known = List.of();
    while (!over) {
      List<String> ready =
          running.stream().filter(Rolling::isReady).map(CaravanProcess::url).toList();
      try {
        if (!ready.equals(known) && !ready.isEmpty()) {
          nginx.use(ready.toArray(String[]::new));
          known = ready;
        }
        Thread.sleep(LOOK_MILLIS);
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static boolean isReady(CaravanProcess replica) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + replica.managementPort() + "/observe/health/ready")
                  .toURL()
                  .openConnection();
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private void ask(PlainClient client) {
    String body =
        "{\"model\":\"claude-sonnet\",\"max_tokens\":99,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    while (!over) {
      open.incrementAndGet();
      try {
        PlainClient.Answer answer =
            client.post("/v1/messages", body.getBytes(StandardCharsets.UTF_8), 0);
        boolean whole =
            answer.status() == 200
                && answer.complete()
                && answer.body().contains("message_stop")
                && !answer.body().contains("event: error");
        if (whole) {
          complete.incrementAndGet();
        } else {
          failed.add(answer.toString());
        }
      } catch (IOException e) {
        failed.add(e.toString());
      } finally {
        open.decrementAndGet();
      }
    }
  }

  private boolean report(int streams, int during) {
    failed.stream().limit(SHOWN).forEach(each -> OUT.println("failed: " + each));
    boolean sound = failed.isEmpty() && during > streams;
    OUT.printf(
        "%s two replicas replaced under %d streams at once: %d complete, %d of them meanwhile, %d failed%n",
        sound ? "ok     " : "FAILED ", streams, complete.get(), during, failed.size());
    return sound;
  }
}
