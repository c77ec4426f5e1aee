package io.caravan.load;

import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Holds many streams open at once through Caravan in a heap of a given size, and checks that each
 * gets all its tokens, in order, and a proper end. {@code bench/streams.sh} describes its
 * arguments.
 */
public final class Streams {
  private static final PrintStream OUT = System.out;
  private static final Tokens.Order HUNDRED_AT_10_A_SECOND = new Tokens.Order(100, 100_000);

  private Streams() {}

  public static void main(String[] args) throws Exception {
    Arguments arguments =
        Arguments.parse(args, Set.of(), Set.of("jar", "java", "jvm", "streams", "seconds", "work"));
    String java = arguments.get("java", CaravanProcess.thisJava());
    int streams = arguments.get("streams", 2000);
    String jvm = arguments.get("jvm", "-Xmx1g");
    Path work = Files.createDirectories(Path.of(arguments.get("work", "target/streams")));
    boolean sound;
    try (FastUpstream upstream = FastUpstream.start(0);
        Peer caravan =
            Peer.caravan(
                "Caravan, Java " + Machine.javaVersion(java),
                java,
                List.of(jvm.split(" ", -1)),
                Path.of(arguments.get("jar", "target/caravan.jar")),
                upstream,
                Files.createTempDirectory(work.toAbsolutePath(), "run-"))) {
      Workload workload =
          new Workload(
              streams,
              HUNDRED_AT_10_A_SECOND,
              true,
              0,
              Duration.ofSeconds(10),
              Duration.ofSeconds(arguments.get("seconds", 60)));
      OUT.println(Machine.describe());
      sound = hold(caravan.target(), java, jvm, workload);
    }
    System.exit(sound ? 0 : 1);
  }

  private static boolean hold(Target target, String java, String jvm, Workload workload)
      throws Exception {
    long[] heap = new long[1];
    long[] threads = new long[1];
    Driver.Report report =
        Driver.run(
            target,
            workload,
            () -> {
              threads[0] = ProcessMeter.threads(target.pid());
              heap[0] = HeapMeter.liveBytes(java, target.pid());
            });
    int broken = report.broken().values().stream().mapToInt(Integer::intValue).sum();
    OUT.printf(
        Locale.ROOT,
        "%s, %s: %,d streams at once for %d s: %,d streams complete, %d broken%n",
        target.name(),
        jvm,
        workload.connections(),
        workload.measured().toSeconds(),
        report.requests(),
        broken);
    OUT.printf(
        Locale.ROOT,
        "%,.0f events/s; delay p50 %.2f ms, p99 %.2f ms; CPU %.1f µs per event; live heap %.0f MB, resident %d MB, %d threads%n",
        report.eventsPerSecond(),
        report.delay().millis(50),
        report.delay().millis(99),
        report.microsPerEvent(),
        heap[0] / 1e6,
        report.use().residentKiB() / 1024,
        threads[0]);
    report.broken().forEach((how, times) -> OUT.println("BROKEN " + times + " times: " + how));
    return broken == 0 && report.requests() > 0;
  }
}
