package io.caravan.load;

import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Measures the growth of Caravan's cost with a request: its size, its history, its tools, the
 * tokens of its response. {@code bench/growth.sh} describes its arguments.
 */
public final class Growth {
  private static final PrintStream OUT = System.out;
  private static final Tokens.Order ONE = new Tokens.Order(1, 1);
  private static final int KB = 1000;

  /** A property that grows while all others stay. */
  private record Axis(
      String label, List<Integer> values, IntFunction<Shape> shape, boolean tokens) {
    Workload workload(int value, Duration warm, Duration time) {
      Tokens.Order order = tokens ? new Tokens.Order(value, 0) : ONE;
      return new Workload(2, order, true, shape.apply(value), warm, time);
    }
  }

  private static final List<Axis> AXES =
      List.of(
          new Axis(
              "KB of request (20 turns, 25 tools)",
              List.of(10, 30, 100, 300, 1000, 3000),
              kilobytes -> Shape.ofBytes(kilobytes * KB),
              false),
          new Axis(
              "turns of 2 KB (20 KB of system prompt, 25 tools)",
              List.of(5, 15, 50, 150, 500, 1500),
              turns -> new Shape(20 * KB, 25, 1300, turns, 2 * KB),
              false),
          new Axis(
              "tools of 1.3 KB (20 KB of system prompt, 20 turns)",
              List.of(5, 15, 50, 150, 500, 1500),
              tools -> new Shape(20 * KB, tools, 1300, 20, 2 * KB),
              false),
          new Axis(
              "tokens of the answer, as fast as they come",
              List.of(10, 30, 100, 300, 1000, 3000, 10_000),
              tokens -> Shape.SMALL,
              true));

  private Growth() {}

  public static void main(String[] args) throws Exception {
    Arguments arguments =
        Arguments.parse(
            args, Set.of(), Set.of("jar", "java", "jvm", "seconds", "warm", "work", "out", "svg"));
    String java = arguments.get("java", CaravanProcess.thisJava());
    String jvm = arguments.get("jvm", "");
    Path work = Files.createDirectories(Path.of(arguments.get("work", "target/growth")));
    String name = "Caravan, Java " + Machine.javaVersion(java);
    List<Plot> plots;
    try (FastUpstream upstream = FastUpstream.start(0);
        Peer caravan =
            Peer.caravan(
                name,
                java,
                jvm.isBlank() ? List.of() : List.of(jvm.split(" ", -1)),
                Path.of(arguments.get("jar", "target/caravan.jar")),
                upstream,
                Files.createTempDirectory(work.toAbsolutePath(), "run-"))) {
      plots = measure(caravan.target(), arguments);
    }
    StringBuilder report = new StringBuilder();
    report.append(Machine.describe()).append("; ").append(name).append("\n\n");
    plots.forEach(plot -> report.append(plot.table()).append('\n'));
    OUT.println(report);
    if (arguments.has("out")) {
      Files.writeString(Path.of(arguments.get("out", null)), report);
    }
    if (arguments.has("svg")) {
      Files.writeString(Path.of(arguments.get("svg", null)), Plot.svg(plots));
    }
    System.exit(plots.stream().allMatch(Plot::sound) ? 0 : 1);
  }

  private static List<Plot> measure(Target target, Arguments arguments)
      throws IOException, InterruptedException {
    Duration time = Duration.ofSeconds(arguments.get("seconds", 4));
    // The compiler must have finished; otherwise the first values would include its work.
    Duration warm = Duration.ofSeconds(arguments.get("warm", 20));
    for (Axis axis : AXES) {
      Driver.run(target, axis.workload(axis.values().get(3), warm, Duration.ofSeconds(1)));
    }
    List<Plot> plots = new ArrayList<>();
    for (Axis axis : AXES) {
      Plot plot = new Plot(axis.label());
      for (int value : axis.values()) {
        Driver.Report report =
            Driver.run(target, axis.workload(value, Duration.ofSeconds(2), time));
        double millis = report.microsPerRequest() / 1000;
        plot.add(value, millis, report.broken().isEmpty() && report.requests() > 0);
        OUT.printf(Locale.ROOT, "%s: %d, %.3f ms%n", axis.label(), value, millis);
      }
      plots.add(plot);
    }
    return plots;
  }
}
