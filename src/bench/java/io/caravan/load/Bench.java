package io.caravan.load;

import io.caravan.load.Figures.Measure;
import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Compares servers side by side: each round measures every server once, one after the other, so
 * that other load on the machine affects all alike. The others are stopped meanwhile. {@code
 * bench/run.sh} describes its arguments.
 */
public final class Bench {
  private static final PrintStream OUT = System.out;
  static final String CARAVAN = "Caravan";

  /** The name of a Caravan that logs, counts and keeps nothing of its requests. */
  static final String UNOBSERVED = CARAVAN + " unobserved";

  /** The name of one that also sends traces and counts by keys. */
  private static final String OBSERVED = CARAVAN + " fully observed";

  private static final Tokens.Order TWO_HUNDRED_AT_ONCE = new Tokens.Order(200, 0);
  private static final Tokens.Order TWENTY_AT_ONCE = new Tokens.Order(20, 0);
  private static final Tokens.Order FORTY_AT_20_A_SECOND = new Tokens.Order(40, 50_000);
  private static final Tokens.Order HUNDRED_AT_10_A_SECOND = new Tokens.Order(100, 100_000);
  private static final Tokens.Order ONE_WITH_ITS_TIME = new Tokens.Order(1, 1);
  private static final int LARGE = 100_000;
  private static final long NOT_STARTED_HERE = -1;

  /** The time after the first answer in which a JVM returns what the start has taken. */
  private static final long SETTLING_MILLIS = 10_000;

  private final Figures figures = new Figures();
  private final Map<String, Integer> broken = new TreeMap<>();
  private final List<Contender> contenders = new CopyOnWriteArrayList<>();
  private final Duration time;
  private final Duration warm;

  /**
   * A server in the comparison.
   *
   * @param java the command that runs it, or null if its heap can't be counted
   */
  private record Contender(Peer peer, String java) {
    Target target() {
      return peer.target();
    }
  }

  private Bench(Duration time, Duration warm) {
    this.time = time;
    this.warm = warm;
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments =
        Arguments.parse(
            args,
            Set.of("no-scale", "observation", "pipe"),
            Set.of(
                "jar",
                "java",
                "jvm",
                "nginx",
                "ccr",
                "peer",
                "rounds",
                "seconds",
                "warm",
                "work",
                "old",
                "upstream-port",
                "out"));
    Bench bench =
        new Bench(
            Duration.ofSeconds(arguments.get("seconds", 5)),
            Duration.ofSeconds(arguments.get("warm", 60)));
    Path work = Files.createDirectories(Path.of(arguments.get("work", "target/bench")));
    Path run = Files.createTempDirectory(work.toAbsolutePath(), "run-");
    // Whoever ends this program must not find a server of his own stopped for good.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> bench.contenders.forEach(one -> Freezer.thaw(one.target()))));
    try (FastUpstream upstream = FastUpstream.start(arguments.get("upstream-port", 0));
        TraceSink traces = TraceSink.start()) {
      try {
        bench.startAll(arguments, upstream, traces, run);
        bench.runAll(arguments);
      } finally {
        for (Contender contender : bench.contenders) {
          contender.peer().close();
        }
      }
    }
    String report = bench.report(arguments);
    OUT.println(report);
    if (arguments.has("out")) {
      Files.writeString(Path.of(arguments.get("out", null)), report);
    }
    boolean sound = bench.broken.keySet().stream().noneMatch(how -> how.startsWith(CARAVAN));
    System.exit(sound ? 0 : 1);
  }

  private void startAll(Arguments arguments, FastUpstream upstream, TraceSink traces, Path run)
      throws Exception {
    contenders.add(new Contender(Peer.direct(upstream), null));
    if (arguments.has("nginx")) {
      long from = System.nanoTime();
      add(Peer.nginx(arguments.get("nginx", null), upstream, run.resolve("nginx")), null, from);
    }
    if (arguments.has("pipe")) {
      String java = arguments.get("java", CaravanProcess.thisJava()).split(",", -1)[0];
      long from = System.nanoTime();
      add(Peer.barePipe(java, upstream, run.resolve("pipe")), null, from);
    }
    if (arguments.has("ccr")) {
      Path command = Path.of(arguments.get("ccr", null)).toAbsolutePath();
      long from = System.nanoTime();
      add(Peer.claudeCodeRouter(command, upstream, run.resolve("ccr")), null, from);
    }
    if (arguments.has("peer")) {
      String[] peer = arguments.get("peer", "").split(",", -1);
      Peer running = Peer.running(peer[0], peer[1], peer[2], "bench-key", Long.parseLong(peer[3]));
      add(running, null, NOT_STARTED_HERE);
    }
    if (arguments.has("jar")) {
      for (String java : arguments.get("java", CaravanProcess.thisJava()).split(",", -1)) {
        startCaravan(java, arguments, upstream, run);
        if (arguments.has("observation")) {
          startBeside(UNOBSERVED, java, TraceSink.NOTHING_OBSERVED, arguments, upstream, run);
          startBeside(OBSERVED, java, traces.allObserved(), arguments, upstream, run);
        }
      }
    }
  }

  /** Starts the same Caravan with other options of its JVM, for the same measurements. */
  private void startBeside(
      String kind,
      String java,
      List<String> further,
      Arguments arguments,
      FastUpstream upstream,
      Path run)
      throws IOException, InterruptedException {
    String name = kind + ", Java " + Machine.javaVersion(java);
    List<String> jvm = new ArrayList<>(jvm(arguments));
    jvm.addAll(further);
    Path directory = run.resolve(name.replaceAll("\\W+", "-"));
    Path jar = Path.of(arguments.get("jar", null));
    add(Peer.caravan(name, java, jvm, jar, upstream, directory), java, NOT_STARTED_HERE);
  }

  private static List<String> jvm(Arguments arguments) {
    return arguments.has("jvm") ? List.of(arguments.get("jvm", "").split(" ", -1)) : List.of();
  }

  private void startCaravan(String java, Arguments arguments, FastUpstream upstream, Path run)
      throws IOException, InterruptedException {
    String name = CARAVAN + ", Java " + Machine.javaVersion(java);
    List<String> jvm = jvm(arguments);
    Path jar = Path.of(arguments.get("jar", null));
    byScript(name, java, jar, upstream, run.resolve(name.replaceAll("\\W+", "-") + "-script"));
    long from = System.nanoTime();
    Peer caravan =
        Peer.caravan(name, java, jvm, jar, upstream, run.resolve(name.replaceAll("\\W+", "-")));
    figures.add(Measure.READY, name, secondsSince(from));
    add(caravan, java, from);
    if (arguments.has("old")) {
      String before = CARAVAN + " before, Java " + Machine.javaVersion(java);
      Path old = Path.of(arguments.get("old", null));
      Path directory = run.resolve(before.replaceAll("\\W+", "-"));
      from = System.nanoTime();
      add(Peer.caravan(before, java, jvm, old, upstream, directory), java, from);
    }
  }

  /** Measures the start by {@code bin/caravan}, and the memory that its settings allow. */
  private void byScript(String name, String java, Path jar, FastUpstream upstream, Path directory)
      throws IOException, InterruptedException {
    Map<String, String> settings = Peer.withArchive(java, jar, upstream, directory);
    long from = System.nanoTime();
    try (Peer caravan = Peer.byScript(name, directory, settings)) {
      Target target = caravan.target();
      FirstAnswer.await(target);
      figures.add(Measure.FIRST_ANSWER_SCRIPT, name, secondsSince(from));
      Thread.sleep(SETTLING_MILLIS);
      figures.add(Measure.RESIDENT_SCRIPT, name, megabytes(ProcessMeter.residentKiB(target.pid())));
      warmUp(target);
      run(target, new Workload(500, HUNDRED_AT_10_A_SECOND, true, 0, time, time.multipliedBy(2)));
      figures.add(Measure.MOST_SCRIPT, name, megabytes(ProcessMeter.mostKiB(target.pid())));
    }
  }

  /**
   * Adds a server that is up.
   *
   * @param from the time at which its start began
   */
  private void add(Peer peer, String java, long from) throws IOException, InterruptedException {
    contenders.add(new Contender(peer, java));
    Target target = peer.target();
    FirstAnswer.await(target);
    if (from != NOT_STARTED_HERE) {
      figures.add(Measure.FIRST_ANSWER, target.name(), secondsSince(from));
    }
    Thread.sleep(SETTLING_MILLIS);
    figures.add(Measure.RESIDENT, target.name(), megabytes(ProcessMeter.residentKiB(target.pid())));
    Freezer.freeze(target);
  }

  private static double secondsSince(long from) {
    return (System.nanoTime() - from) / 1e9;
  }

  private static double megabytes(long kibibytes) {
    return kibibytes / 1024.0;
  }

  private void runAll(Arguments arguments) throws IOException, InterruptedException {
    for (Contender contender : contenders) {
      if (contender.target().pid() != 0) {
        OUT.println("warm-up: " + contender.target().name());
        warmUp(contender.target());
      }
    }
    int rounds = arguments.get("rounds", 3);
    for (int round = 1; round <= rounds; round++) {
      for (Contender contender : contenders) {
        OUT.println("round " + round + " of " + rounds + ": " + contender.target().name());
        measure(contender.target());
      }
    }
    if (!arguments.has("no-scale")) {
      for (Contender contender : contenders) {
        OUT.println("streams: " + contender.target().name());
        scale(contender);
      }
    }
    for (Contender contender : contenders) {
      Target target = contender.target();
      if (target.pid() != 0) {
        figures.add(Measure.MOST, target.name(), megabytes(ProcessMeter.mostKiB(target.pid())));
      }
    }
  }

  /**
   * Warms a server up before it is measured: on two cores, which the clients use as well, a JIT
   * compiler takes most of a minute.
   */
  private void warmUp(Target target) throws IOException, InterruptedException {
    Duration each = warm.dividedBy(3);
    for (Workload workload :
        List.of(
            new Workload(8, TWO_HUNDRED_AT_ONCE, true, 0, each, Duration.ZERO),
            new Workload(8, TWENTY_AT_ONCE, false, 0, each, Duration.ZERO),
            new Workload(1, ONE_WITH_ITS_TIME, true, LARGE, each, Duration.ZERO))) {
      run(target, workload);
    }
  }

  private void measure(Target target) throws IOException, InterruptedException {
    Duration before = Duration.ofSeconds(1);
    String name = target.name();

    Driver.Report full = run(target, new Workload(8, TWO_HUNDRED_AT_ONCE, true, 0, before, time));
    figures.add(Measure.EVENT_CPU, name, cpu(target, full.microsPerEvent()));
    figures.add(Measure.EVENT_RATE, name, full.eventsPerSecond());

    Driver.Report paced =
        run(
            target,
            new Workload(
                50, FORTY_AT_20_A_SECOND, true, 0, Duration.ofSeconds(2), time.multipliedBy(2)));
    figures.add(Measure.PACED_CPU, name, cpu(target, paced.microsPerEvent()));
    figures.add(Measure.DELAY_P50, name, paced.delay().millis(50));
    figures.add(Measure.DELAY_P99, name, paced.delay().millis(99));

    Duration short_ = time.dividedBy(2);
    Driver.Report small = run(target, new Workload(1, ONE_WITH_ITS_TIME, true, 0, before, short_));
    figures.add(Measure.FIRST_SMALL, name, small.firstToken().millis(50));

    Driver.Report large =
        run(target, new Workload(1, ONE_WITH_ITS_TIME, true, LARGE, before, time));
    figures.add(Measure.FIRST_LARGE, name, large.firstToken().millis(50));
    figures.add(Measure.LARGE_CPU, name, cpu(target, large.microsPerRequest() / 1000));

    Driver.Report whole = run(target, new Workload(8, TWENTY_AT_ONCE, false, 0, before, time));
    figures.add(Measure.WHOLE_RATE, name, whole.requestsPerSecond());
    figures.add(Measure.WHOLE_CPU, name, cpu(target, whole.microsPerRequest()));
  }

  private void scale(Contender contender) throws IOException, InterruptedException {
    long heapAt50 = scale(contender, 50, Measure.CPU_50);
    scale(contender, 500, Measure.CPU_500);
    long heapAt2000 = scale(contender, 2000, Measure.CPU_2000);
    if (contender.java() != null && heapAt2000 > 0) {
      figures.add(
          Measure.HEAP_STREAM, contender.target().name(), (heapAt2000 - heapAt50) / 1950.0 / 1000);
    }
  }

  private long scale(Contender contender, int streams, Measure measure)
      throws IOException, InterruptedException {
    Target target = contender.target();
    long[] heap = new long[1];
    Driver.Report report =
        run(
            target,
            new Workload(streams, HUNDRED_AT_10_A_SECOND, true, 0, time, time.multipliedBy(2)),
            () -> {
              if (contender.java() != null) {
                heap[0] = HeapMeter.liveBytes(contender.java(), target.pid());
              }
            });
    figures.add(measure, target.name(), cpu(target, report.microsPerEvent()));
    return heap[0];
  }

  private Driver.Report run(Target target, Workload workload)
      throws IOException, InterruptedException {
    return run(target, workload, () -> {});
  }

  private Driver.Report run(Target target, Workload workload, Driver.Probe probe)
      throws IOException, InterruptedException {
    Freezer.thaw(target);
    Driver.Report report = Driver.run(target, workload, probe);
    Freezer.freeze(target);
    report
        .broken()
        .forEach((how, times) -> broken.merge(target.name() + ": " + how, times, Integer::sum));
    return report;
  }

  private static double cpu(Target target, double value) {
    return target.pid() == 0 ? Double.NaN : value;
  }

  private String report(Arguments arguments) throws IOException, InterruptedException {
    List<String> names = contenders.stream().map(c -> c.target().name()).toList();
    StringBuilder report = new StringBuilder();
    report.append(Machine.describe()).append("; medians of ").append(arguments.get("rounds", 3));
    report.append(" rounds, ").append(time.toSeconds()).append(" s each, after ");
    report.append(warm.toSeconds()).append(" s of load\n\n");
    report.append(figures.table(names));
    List<String> caravans =
        contenders.stream().filter(c -> c.java() != null).map(c -> c.target().name()).toList();
    if (!caravans.isEmpty()) {
      report.append('\n').append(Goals.table(figures, caravans));
    }
    broken.forEach(
        (how, times) -> report.append("\nBROKEN ").append(times).append(" times, ").append(how));
    return report.toString();
  }
}
