package io.caravan.faults;

import io.caravan.load.HeapMeter;
import io.caravan.load.ProcessMeter;
import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.PlainClient;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends requests to Caravan for a given time, in front of an upstream that fails in every way of
 * {@link Fault}: each request must get its own response, and nothing may be left over. {@code
 * bench/soak.sh} describes its arguments.
 */
public final class Soak {
  private static final int MOST_WARM_UPS = 5;

  private static final PrintStream OUT = System.out;
  private static final Pattern ORDER = Pattern.compile("soak:([A-Z_]+):(\\d+);");
  private static final int PATIENCE_MILLIS = 60_000;
  private static final int GO_AFTER_MILLIS = 300;
  private static final Duration LET_GO = Duration.ofSeconds(5);
  private static final int SHOWN = 20;

  private final CaravanProcess caravan;
  private final PlainClient client;
  private final String model;
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong right = new AtomicLong();
  private final Map<Fault, AtomicLong> byFault = new ConcurrentHashMap<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final ConcurrentMap<Long, Queue<ReceivedRequest>> inFlight = new ConcurrentHashMap<>();

  private Disturbances disturbances;

  private Soak(CaravanProcess caravan, String model) {
    this.caravan = caravan;
    // Each request is of a session that nobody has heard of.
    this.client =
        new PlainClient(URI.create(caravan.url()), PATIENCE_MILLIS)
            .inSessions(() -> UUID.randomUUID().toString());
    this.model = model;
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments =
        Arguments.parse(
            args,
            Set.of("reloads"),
            Set.of(
                "jar", "java", "jvm", "seconds", "clients", "model", "work", "leaving", "stalled"));
    Path work = Files.createDirectories(Path.of(arguments.get("work", "target/soak")));
    String java = arguments.get("java", CaravanProcess.thisJava());
    Path directory = Files.createTempDirectory(work.toAbsolutePath(), "run-");
    if (arguments.has("reloads")) {
      Disturbances.copyRoute(directory);
    }
    boolean sound;
    try (ScriptedUpstream upstream = ScriptedUpstream.start().recordNothing();
        CaravanProcess caravan =
            CaravanProcess.start(
                java,
                List.of(arguments.get("jvm", "-Xmx512m").split(" ", -1)),
                Path.of(arguments.get("jar", "target/caravan.jar")),
                directory,
                Map.of(
                    "NIM_BASE_URL", upstream.url(),
                    "NVIDIA_API_KEY", "soak-key",
                    "NIM_RATE_LIMIT", "0",
                    "MODEL", "nim/soak/model"))) {
      Soak soak = new Soak(caravan, arguments.get("model", "nim/soak-{fault}"));
      upstream.answer(soak::script);
      int leaving = arguments.get("leaving", 0);
      int stalled = arguments.get("stalled", 0);
      soak.disturbances =
          new Disturbances(
              URI.create(caravan.url()),
              leaving,
              stalled,
              arguments.has("reloads") ? directory : null);
      sound =
          soak.run(
              java,
              arguments.get("clients", 24),
              Duration.ofSeconds(arguments.get("seconds", 600)));
    }
    System.exit(sound ? 0 : 1);
  }

  private boolean run(String java, int clients, Duration time) throws Exception {
    Leftovers before = warmedUp(java, clients, time);
    ask(clients, time);
    Leftovers after = leftovers(java);
    print(before, after);
    boolean nothingLeft =
        after.threads() <= before.threads() + clients
            && after.heap() <= before.heap() + (20 << 20)
            && after.upstreamRequests() == 0;
    return wrong.isEmpty() && right.get() == asked.get() && nothingLeft;
  }

  /**
   * Returns the state to compare the end with: every path has been taken and all workers are
   * running. Before Java 21 their pool grows with each request until it is full.
   */
  private Leftovers warmedUp(String java, int clients, Duration time) throws Exception {
    Duration warmUp = Duration.ofSeconds(Math.max(5, time.toSeconds() / 10));
    ask(clients, warmUp);
    Leftovers last = leftovers(java);
    for (int more = 0; more < MOST_WARM_UPS; more++) {
      ask(clients, warmUp);
      Leftovers now = leftovers(java);
      if (now.threads() <= last.threads() + clients) {
        return now;
      }
      last = now;
    }
    return last;
  }

  /** The resources that a gateway holds while no request is under way. */
  private record Leftovers(long threads, long heap, long upstreamRequests) {}

  private Leftovers leftovers(String java) throws IOException, InterruptedException {
    Thread.sleep(LET_GO.toMillis());
    return new Leftovers(
        ProcessMeter.threads(caravan.pid()),
        HeapMeter.liveBytes(java, caravan.pid()),
        inFlight.values().stream()
            .flatMap(Queue::stream)
            .filter(request -> !request.finished().isDone())
            .count());
  }

  private void ask(int clients, Duration time) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    List<Thread> threads = new ArrayList<>(disturbances.start(until));
    for (int i = 0; i < clients; i++) {
      Thread thread = new Thread(() -> askUntil(until), "soak-" + i);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void askUntil(long until) {
    Fault[] faults = Fault.values();
    while (System.nanoTime() < until && caravan.isAlive()) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      // Half of the requests are of the healthy kind, which the others must not harm.
      Fault fault = random.nextBoolean() ? Fault.NONE : faults[random.nextInt(faults.length)];
      askOnce(fault, random.nextBoolean());
    }
  }

  private void askOnce(Fault fault, boolean stream) {
    long id = ids.incrementAndGet();
    String body =
        "{\"model\":\"%s\",\"max_tokens\":100,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"soak:%s:%d;\"}]}"
            .formatted(model.replace("{fault}", fault.name()), stream, fault, id);
    asked.incrementAndGet();
    boolean goes = fault.expected() == Fault.Expected.GIVEN_UP;
    try {
      PlainClient.Answer answer = client.post(body, goes ? GO_AFTER_MILLIS : 0);
      List<String> faults = Judge.faults(fault, text(id), answer);
      if (goes && !upstreamIsLetGo(id)) {
        faults.add("the upstream is still asked after the client has gone");
      }
      if (faults.isEmpty()) {
        right.incrementAndGet();
        byFault.computeIfAbsent(fault, f -> new AtomicLong()).incrementAndGet();
      } else {
        wrong.add(fault + (stream ? " streamed: " : " whole: ") + faults + " " + answer);
      }
    } catch (IOException e) {
      wrong.add(fault + ": " + e);
    } finally {
      inFlight.computeIfPresent(
          id,
          (key, requests) ->
              requests.stream().allMatch(r -> r.finished().isDone()) ? null : requests);
    }
  }

  private boolean upstreamIsLetGo(long id) {
    long until = System.nanoTime() + LET_GO.toNanos();
    Queue<ReceivedRequest> requests = inFlight.getOrDefault(id, new ConcurrentLinkedQueue<>());
    while (System.nanoTime() < until) {
      if (requests.stream().allMatch(request -> request.finished().isDone())) {
        return true;
      }
      LockSupport.parkNanos(1_000_000);
    }
    return false;
  }

  private Script script(ReceivedRequest request) {
    if (request.text().contains(Disturbances.ORDER)) {
      Queue<ReceivedRequest> disturbing =
          inFlight.computeIfAbsent(0L, key -> new ConcurrentLinkedQueue<>());
      disturbing.removeIf(other -> other.finished().isDone());
      disturbing.add(request);
      return Disturbances.endless();
    }
    Matcher order = ORDER.matcher(request.text());
    if (!order.find()) {
      return Script.json(400, "{\"error\":{\"message\":\"no order in the request\"}}");
    }
    long id = Long.parseLong(order.group(2));
    inFlight.computeIfAbsent(id, key -> new ConcurrentLinkedQueue<>()).add(request);
    return Fault.valueOf(order.group(1)).script(text(id));
  }

  private static String text(long id) {
    return "This is the answer to request number "
        + id
        + ", and to no other: \u00e4\u20ac\ud83d\ude00.";
  }

  private void print(Leftovers before, Leftovers after) {
    OUT.println("| what the upstream did | right answers |");
    OUT.println("|---|---:|");
    new TreeMap<>(byFault)
        .forEach((fault, count) -> OUT.println("| " + fault + " | " + count + " |"));
    wrong.stream().limit(SHOWN).forEach(line -> OUT.println("WRONG " + line));
    disturbances.print(OUT);
    OUT.printf("%d requests, %d right answers, %d wrong%n", asked.get(), right.get(), wrong.size());
    OUT.printf(
        "left over: threads %d -> %d, live heap %.1f MB -> %.1f MB, upstream requests %d%n",
        before.threads(),
        after.threads(),
        before.heap() / 1e6,
        after.heap() / 1e6,
        after.upstreamRequests());
  }
}
